// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension MegaConfiguration {
    /// A `megabot.yaml` to begin with: every section explained, every value the default.
    public static let template = #"""
        # MegaBot for Swift. Every value below is the default; a key that is missing has its default.
        # Check the file with: megabot config check
        # Values can use variables: ${NAME} or ${NAME:-default}. Every key can also be set by a variable:
        # system.log_level is MEGABOT_SYSTEM_LOG_LEVEL. Variables win over this file.

        system:
          name: MegaBot
          # Database, keys and log. Relative paths start at the folder of this file.
          data_directory: .megabot
          # What a new conversation may do: ask (answers only), plan (reads files), build (acts, under approval), loki (long tasks).
          default_mode: build
          # trace, debug, info, notice, warning, error, critical
          log_level: info

        # Which model answers. Without this section MegaBot looks for an Ollama on this machine and otherwise uses the
        # offline model, which is no language model but can show files, commands, memory and approvals.
        #
        # model:
        #   provider: ollama            # ollama, openai, anthropic, offline
        #   name: qwen3:14b
        #   base_url: http://127.0.0.1:11434
        #   # api_key: ${OPENAI_API_KEY}   # found by itself in OPENAI_API_KEY or ANTHROPIC_API_KEY
        #   # context_window: 32768
        #   # temperature: 0.7
        #   # max_output_tokens: 4096
        #   fallback:                   # tried in order when the model above does not answer
        #     - provider: offline

        adapters:
          # The native channel: a WebSocket whose frames are encrypted.
          websocket:
            enabled: true
            host: 127.0.0.1
            port: 18790
            # Without a password here the one made by `megabot init` is used; it is in the data directory.
            # password: ${MEGABOT_WS_PASSWORD}
            # Browsers may connect from these pages only, for example https://chat.example
            allowed_origins: []
            # Hosts clients may name. One without a port stands for the port above; behind a proxy add the outer one: bot.example:443
            allowed_hosts: [localhost, 127.0.0.1, "[::1]"]
            # Clients may connect from these addresses and networks only, for example 10.0.0.0/8; empty means from anywhere.
            allowed_addresses: []
            # Per connection: so many at once, and as many again so many seconds later.
            rate_limit:
              messages: 60
              per_seconds: 3
            max_frame_bytes: 4194304
            # Only when a tunnel or proxy with TLS protects the way to this port.
            allow_plaintext_off_loopback: false

        people:
          # Accounts as platform:sender. Owners may approve actions and change settings from the chat.
          owners: ["websocket:owner"]
          known: []
          # What anybody else gets: refuse or answer.
          unknown: refuse

        # The folder the tools work in; nothing outside it is reached.
        workspace:
          path: workspace

        tools:
          commands:
            enabled: true
            network: false
            timeout_seconds: 120
            memory_mb: 2048
            processes: 256
            file_mb: 256
            disk_mb: 4096
            # bubblewrap, or landlock where there are no user namespaces; it does less.
            sandbox: bubblewrap
            # Hosts that commands may reach while network is false, such as pypi.org:443.
            allowed_hosts: []
            # Paths of the workspace that commands cannot change, beside .git/hooks, .bashrc and the like.
            protected_paths: []
            # Absolute folders that commands may read beside the system's own.
            readable_folders: []
            # Controls this machine may lack, such as total_memory; megabot doctor lists them.
            tolerate_missing: []
          files:
            enabled: true

        # What happens without asking. A rule is a command prefix ("git status"), a tool name or "*".
        # deny wins over ask, ask over allow. What a rule makes of a command: megabot policy explain -- git status
        policies:
          default: ask
          allow: []
          ask: []
          deny: []
          # Built-in allow rules: read-only (programs that only look at things), git-read-only.
          presets: []
          # Rules with conditions, all of which have to be met.
          # rules:
          #   - allow: git push
          #     modes: [build]
          #     weekdays: [mon-fri]
          #     hours: 09:00-18:00
          #     time_zone: Europe/Berlin
          #     channels: [websocket]
          #     people: ["websocket:owner"]
          #     folders: [/srv/site]
          #     expires: 2030-01-31
          #     note: deployments in office hours

        # Secrets for commands. A command says {{NAME}}; the value takes its place only when it is started, and only for these programs.
        # The values are in variables, in files, or in the vault: megabot secret set NAME
        secrets:
          # Variables that hold secrets, by their names.
          environment: []
          # Folders with a file each: /run/secrets, ${CREDENTIALS_DIRECTORY}
          folders: []
          vault: true
          # bindings:
          #   - name: GITHUB_TOKEN
          #     programs: [gh]

        security:
          encryption:
            # The key everything stored is sealed with, in the data directory. Keep a copy elsewhere: without it the data is lost.
            key_file: master.key
            # passphrase: ${MEGABOT_PASSPHRASE}   # instead of the key file
          approvals:
            expire_after_seconds: 3600
            # Effects (executes, writesFiles, network, sendsMessages, spendsMoney) or tools that two owners have to approve.
            two_persons: []
            # Effects or tools somebody else than the person who asked has to approve.
            separate_duties: []
            # Conversations a question goes to when nobody answers, one after the other: platform:account:chat
            escalate_to: []
            escalate_after_seconds: 300
            # quiet_hours: "22:00-07:00"   # nobody is asked further; questions wait until the end
            # After so many like approvals in a day the question proposes a grant or a rule; 0 never.
            fatigue_limit: 5
          # Before any rule the command guard looks at what would run. enforce: what it blocks is denied and what it asks about is asked, whatever
          # a rule allows. advise: its findings are only said in the questions.
          command_guard: enforce
          egress:
            # host:port in private networks that may be connected to besides the model's address.
            allow: []
          # What happened: sealed, chained and signed. Look at it with megabot audit show. 0 means for ever, and any size.
          audit:
            enabled: true
            keep_days: 0
            max_mb: 0

        limits:
          # What is over these waits for its turn, with a notice. 0 means any number.
          messages_per_minute:
            owner: 0
            known: 60
            unknown: 10
            channel: 1200
          # Requests by one address to the port above, by where it is, and by what they are for. What is over it gets 429.
          requests_per_minute:
            local: 1000
            vpn: 500
            direct: 100
            websocket: 1000
            health: 1000
          concurrent_turns: 64
          queued_turns: 10000
          # The most minutes a turn may be at work; 0 leaves it to the mode.
          turn_minutes: 0
          # Days the ledger keeps what is left of turns that have ended; 0 means for good. Conversations and memories stay.
          keep_turns_days: 30
          # Hours before an attachment that no message, memory or open turn refers to is deleted; 0 means never.
          keep_unused_attachments_hours: 24

        """#
}
