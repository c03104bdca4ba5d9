// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Programs that manage something elsewhere: clouds, clusters, stores of secrets, backups, queues, build servers.
///
/// Their commands are verbs in front of names, so the verbs tell what is lost. Verbs that hold for all of them stand in `losing` and
/// `changing`; each program adds its own and takes out those that mean less there.
enum ManagementPrograms {
    struct Knowledge: Sendable {
        /// How many words in front may be verbs.
        var depth = 3
        /// Verbs after which something is gone.
        var losing: Set<String> = []
        /// Verbs after which something is different or harder to reach.
        var changing: Set<String> = []
        /// Verbs of the common sets that do no harm here.
        var harmless: Set<String> = []
        /// Options that ask for something to be lost, wherever they stand.
        var losingOptions: Set<String> = []
        /// Letters of options that take a value.
        var short = ""
        /// Long options that take a value.
        var long: [String] = []
        /// Whether verbs such as `delete-queue` count by their first part.
        var hasCompoundVerbs = false
    }

    /// Something is gone after these.
    static let losing: Set<String> = [
        "delete", "destroy", "purge", "drop", "rm", "del", "erase", "wipe", "terminate", "flush", "flushall", "nuke", "expunge", "truncate", "remove-all", "delete-all",
    ]
    /// Something is taken away or replaced, and could be made again.
    static let changing: Set<String> = [
        "remove", "disable", "unregister", "deregister", "uninstall", "revoke", "prune", "clear", "reset", "detach", "unsubscribe", "deactivate", "rollback", "evict",
    ]

    private static let awsGlobals = ["profile", "region", "output", "endpoint-url", "query", "ca-bundle", "cli-read-timeout", "color"]

    static let table: [String: Knowledge] = [
        "aws": Knowledge(
            depth: 2, losing: ["rb"], changing: ["update-secret", "put-secret-value", "update-secret-version-stage", "put-resource-policy", "cancel-rotate-secret", "stop-instances", "put-bucket-policy", "put-bucket-lifecycle-configuration", "modify-db-instance", "schedule-key-deletion"],
            harmless: ["rm"], losingOptions: [], long: awsGlobals, hasCompoundVerbs: true),
        "gcloud": Knowledge(depth: 5, losing: ["reset"], changing: ["remove-iam-policy-binding", "set-iam-policy", "stop"], long: ["project", "account", "region", "zone", "format", "configuration"]),
        "gsutil": Knowledge(depth: 2, losing: ["rm", "rb"], changing: ["lifecycle", "versioning"], short: "oh"), "bq": Knowledge(depth: 2, losing: ["rm"]),
        "az": Knowledge(depth: 5, changing: ["stop", "deallocate"], short: "gn", long: ["resource-group", "name", "subscription"]),
        "doctl": Knowledge(depth: 4), "linode-cli": Knowledge(depth: 2), "hcloud": Knowledge(depth: 3), "vultr-cli": Knowledge(depth: 3), "oci": Knowledge(depth: 5),
        "ibmcloud": Knowledge(depth: 4), "exo": Knowledge(depth: 4), "scw": Knowledge(depth: 4), "openstack": Knowledge(depth: 4), "eksctl": Knowledge(depth: 2),
        "fly": Knowledge(depth: 3, losing: ["destroy"], changing: ["unset", "suspend"], short: "a"), "flyctl": Knowledge(depth: 3, changing: ["unset"], short: "a"),
        "heroku": Knowledge(
            depth: 1,
            losing: ["apps:destroy", "addons:destroy", "pg:reset", "pg:killall", "domains:clear", "pipelines:destroy", "repo:reset", "redis:cli", "apps:delete", "destroy", "spaces:destroy", "data:maintenances:run"],
            changing: ["config:unset", "ps:scale", "addons:detach", "domains:remove", "access:remove", "releases:rollback", "rollback", "drains:remove", "certs:remove", "keys:remove", "keys:clear", "maintenance:on", "pg:promote"], short: "ar"),
        "vercel": Knowledge(depth: 2, losing: ["remove", "rm"], short: "tS"), "netlify": Knowledge(depth: 2, harmless: []), "wrangler": Knowledge(depth: 4),
        "railway": Knowledge(depth: 3, losing: ["down"]), "render": Knowledge(depth: 3), "supabase": Knowledge(depth: 3, losing: ["reset"]), "firebase": Knowledge(depth: 1, losing: ["firestore:delete", "hosting:disable", "functions:delete", "projects:delete", "database:remove", "auth:delete", "apphosting:backends:delete"]),
        "kubectl": Knowledge(
            depth: 1, changing: ["drain", "cordon", "taint", "replace", "scale", "rollout", "uncordon"], harmless: ["uncordon", "rollout", "scale", "replace", "taint", "cordon"], short: "nlfo",
            long: ["namespace", "context", "kubeconfig", "cluster", "user", "server", "token", "selector", "filename", "output", "as"]),
        "oc": Knowledge(depth: 1, changing: ["drain"], short: "nlfo", long: ["namespace", "context"]),
        "helm": Knowledge(depth: 1, losing: ["uninstall", "un", "del"], short: "n", long: ["namespace", "kube-context", "kubeconfig"]), "helmfile": Knowledge(depth: 1, short: "fel", long: ["file", "environment", "selector"]),
        "argocd": Knowledge(depth: 3), "flux": Knowledge(depth: 3), "istioctl": Knowledge(depth: 2), "kops": Knowledge(depth: 2), "kind": Knowledge(depth: 2, harmless: []),
        "minikube": Knowledge(depth: 1, short: "p"), "k3d": Knowledge(depth: 2), "velero": Knowledge(depth: 3, short: "n", long: ["namespace"]), "kubeadm": Knowledge(depth: 1, losing: ["reset"]),
        "nomad": Knowledge(depth: 3, losing: ["gc"], changing: ["stop"], harmless: ["gc"]), "consul": Knowledge(depth: 3, changing: ["leave", "force-leave"]),
        "etcdctl": Knowledge(depth: 3, losing: ["del", "remove", "compaction"], harmless: ["compaction"]), "rancher": Knowledge(depth: 2),
        "vault": Knowledge(depth: 3, losing: ["disable"], changing: ["move", "seal", "rekey", "rotate", "rewrap"], harmless: ["rewrap", "rotate"]),
        "op": Knowledge(depth: 2, changing: ["edit", "suspend"], harmless: ["edit"]), "doppler": Knowledge(depth: 3, short: "pct", long: ["project", "config", "token"]),
        "bw": Knowledge(depth: 2), "pass": Knowledge(depth: 1, losing: ["rm", "remove", "delete"]), "gopass": Knowledge(depth: 1, losing: ["rm", "remove", "delete"]),
        "infisical": Knowledge(depth: 3), "sops": Knowledge(depth: 1), "chamber": Knowledge(depth: 1), "gpg": Knowledge(depth: 0, losingOptions: ["--delete-secret-keys", "--delete-secret-and-public-key", "--delete-keys", "--delete-secret-key", "--delete-key"]),
        "rclone": Knowledge(
            depth: 1, losing: ["purge", "delete", "deletefile", "rmdirs", "cleanup"], changing: ["sync", "move", "moveto", "rmdir", "dedupe", "bisync"],
            long: ["config", "transfers", "checkers", "bwlimit", "log-file", "log-level"]),
        "restic": Knowledge(depth: 2, losing: ["forget", "prune"], changing: ["rewrite", "migrate", "repair", "rebuild-index"], losingOptions: ["--unsafe-allow-remove-all"], short: "rp"),
        "borg": Knowledge(depth: 1, losing: ["delete", "prune", "rdelete"], changing: ["recreate", "compact", "break-lock", "change-passphrase"]), "borgmatic": Knowledge(depth: 1, losing: ["delete", "prune", "rdelete", "repo-delete"]),
        "duplicity": Knowledge(depth: 1, losing: ["remove-older-than", "remove-all-but-n-full", "remove-all-inc-of-but-n-full", "cleanup"]), "duplicati-cli": Knowledge(depth: 1), "kopia": Knowledge(depth: 3, changing: ["expire"]),
        "rdiff-backup": Knowledge(depth: 1, losing: [], losingOptions: ["--remove-older-than"]), "tarsnap": Knowledge(depth: 0, losingOptions: ["-d", "--nuke"]), "tmutil": Knowledge(depth: 1, changing: ["disable", "deletelocalsnapshots"]),
        "mc": Knowledge(depth: 2, losing: ["rm", "rb"], changing: ["mirror", "ilm"], harmless: ["ilm", "mirror"]), "s3cmd": Knowledge(depth: 1, losing: ["del", "rm", "rb", "delpolicy"], changing: ["sync", "expire"], harmless: ["sync"]),
        "s5cmd": Knowledge(depth: 1, losing: ["rm", "rb"]), "b2": Knowledge(depth: 2, losing: ["delete-bucket", "delete-file-version", "rm"], hasCompoundVerbs: true), "azcopy": Knowledge(depth: 1, losing: ["remove", "rm"], changing: ["sync"], harmless: ["sync"]),
        "kafka-topics": Knowledge(depth: 0, losingOptions: ["--delete"]), "kafka-consumer-groups": Knowledge(depth: 0, losingOptions: ["--delete", "--delete-offsets", "--reset-offsets"]),
        "kafka-acls": Knowledge(depth: 0, losingOptions: ["--remove"]), "kafka-configs": Knowledge(depth: 0, losingOptions: ["--delete-config"]),
        "kafka-delete-records": Knowledge(depth: 0, losingOptions: ["--offset-json-file"]), "kafka-reassign-partitions": Knowledge(depth: 0, losingOptions: ["--execute"]),
        "kafka-streams-application-reset": Knowledge(depth: 0, losingOptions: ["--application-id"]), "kafka-leader-election": Knowledge(depth: 0), "rpk": Knowledge(depth: 3), "kcat": Knowledge(depth: 0),
        "rabbitmqctl": Knowledge(
            depth: 1, losing: ["reset", "force_reset", "purge_queue", "delete_queue"], changing: ["clear_permissions", "stop_app", "forget_cluster_node", "clear_policy", "clear_parameter", "set_permissions", "change_password", "close_all_connections"],
            harmless: ["set_permissions", "change_password"], short: "pn", hasCompoundVerbs: true),
        "rabbitmqadmin": Knowledge(depth: 2, losing: ["purge"], changing: ["close"], short: "HPVup"), "rabbitmq-queues": Knowledge(depth: 1, hasCompoundVerbs: true),
        "nats": Knowledge(depth: 2, losing: ["rmm", "del", "rm", "purge", "delete"], changing: ["seal"], short: "s", long: ["server", "context", "creds"]), "pulsar-admin": Knowledge(depth: 3), "mosquitto_ctrl": Knowledge(depth: 3), "celery": Knowledge(depth: 3, short: "Ab"),
        "gh": Knowledge(
            depth: 2, losing: ["delete-asset"], changing: ["archive", "transfer", "rename", "close", "lock", "unarchive", "edit"], harmless: ["unarchive", "close", "lock", "edit", "clear", "rename"], short: "R", long: ["repo"]),
        "glab": Knowledge(depth: 2, short: "R", long: ["repo"]), "hub": Knowledge(depth: 2), "tea": Knowledge(depth: 2), "gitlab-runner": Knowledge(depth: 1, changing: ["stop", "reset-token"]), "circleci": Knowledge(depth: 2, losing: ["remove-secret"], changing: ["unlist"]),
        "jenkins-cli": Knowledge(depth: 1, losing: ["delete-builds"], changing: ["quiet-down", "safe-restart", "safe-shutdown", "shutdown", "restart", "offline-node", "disconnect-node", "clear-queue", "disable-job", "disable-plugin", "groovy"], short: "si", hasCompoundVerbs: true),
        "travis": Knowledge(depth: 2), "buildkite-agent": Knowledge(depth: 2), "drone": Knowledge(depth: 2), "argo": Knowledge(depth: 2), "tkn": Knowledge(depth: 2), "concourse": Knowledge(depth: 2), "fly-ci": Knowledge(depth: 2, hasCompoundVerbs: true),
        "algolia": Knowledge(depth: 2), "meilisearch": Knowledge(depth: 1), "elasticdump": Knowledge(depth: 0), "stripe": Knowledge(depth: 2), "twilio": Knowledge(depth: 4), "shopify": Knowledge(depth: 2), "ngrok": Knowledge(depth: 3), "cloudflared": Knowledge(depth: 2), "tailscale": Knowledge(depth: 1, changing: ["logout", "down"]),
        "cf": Knowledge(depth: 1, losing: ["d", "delete"], hasCompoundVerbs: true), "sam": Knowledge(depth: 1), "serverless": Knowledge(depth: 1, losing: ["remove"]), "sls": Knowledge(depth: 1, losing: ["remove"]), "cdk": Knowledge(depth: 1), "copilot": Knowledge(depth: 2), "amplify": Knowledge(depth: 2), "eb": Knowledge(depth: 1), "chalice": Knowledge(depth: 1),
        "pulumi": Knowledge(depth: 2, losing: ["rm"], changing: ["cancel"], harmless: ["destroy", "cancel"]), "terragrunt": Knowledge(depth: 2, harmless: ["destroy"]),
        "vagrant": Knowledge(depth: 2, harmless: []), "virsh": Knowledge(depth: 1, losing: ["undefine", "vol-delete", "vol-wipe", "pool-delete", "snapshot-delete"], changing: ["destroy", "shutdown"], short: "c"), "vboxmanage": Knowledge(depth: 2, losing: ["unregistervm", "closemedium"]),
        "multipass": Knowledge(depth: 1), "lxc": Knowledge(depth: 2), "incus": Knowledge(depth: 2), "qm": Knowledge(depth: 1), "pct": Knowledge(depth: 1), "xe": Knowledge(depth: 1, hasCompoundVerbs: true), "limactl": Knowledge(depth: 1), "colima": Knowledge(depth: 1),
        "redis-cli": Knowledge(depth: 0), "influx": Knowledge(depth: 2, short: "o"), "cockroach": Knowledge(depth: 2), "cbq": Knowledge(depth: 0), "couchbase-cli": Knowledge(depth: 1, hasCompoundVerbs: true), "mongoatlas": Knowledge(depth: 3), "atlas": Knowledge(depth: 3), "pscale": Knowledge(depth: 2), "turso": Knowledge(depth: 2), "neonctl": Knowledge(depth: 2),
        "nomad-pack": Knowledge(depth: 1), "snowsql": Knowledge(depth: 0), "databricks": Knowledge(depth: 3), "wp": Knowledge(depth: 2, losing: ["reset"], changing: ["deactivate"]), "artisan": Knowledge(depth: 1, losing: ["migrate:fresh", "migrate:reset", "db:wipe", "migrate:refresh"]), "drush": Knowledge(depth: 1, losing: ["sql:drop", "sql-drop"]), "rails": Knowledge(depth: 1, losing: ["db:drop", "db:reset", "db:purge"], changing: ["db:rollback"]), "rake": Knowledge(depth: 1, losing: ["db:drop", "db:reset", "db:purge"]),
        "prisma": Knowledge(depth: 2, losing: ["reset"], losingOptions: ["--force-reset", "--accept-data-loss"]), "sequelize": Knowledge(depth: 1, losing: ["db:drop", "db:migrate:undo:all"]), "alembic": Knowledge(depth: 1, losing: [], changing: ["downgrade"]), "flyway": Knowledge(depth: 1, losing: ["clean"]), "liquibase": Knowledge(depth: 1, losing: ["drop-all", "dropall"]),
        "cloudctl": Knowledge(depth: 3), "tsh": Knowledge(depth: 2), "tctl": Knowledge(depth: 2), "keytool": Knowledge(depth: 0, losingOptions: ["-delete"]), "puppet": Knowledge(depth: 3), "knife": Knowledge(depth: 3), "salt-key": Knowledge(depth: 0, losingOptions: ["-d", "-D", "--delete", "--delete-all"]),
        "mailq": Knowledge(depth: 0), "postsuper": Knowledge(depth: 0, losingOptions: ["-d"]), "exim": Knowledge(depth: 0, losingOptions: ["-Mrm"]), "lpadmin": Knowledge(depth: 0, losingOptions: ["-x"]), "cancel": Knowledge(depth: 0),
        "ldapdelete": Knowledge(depth: 0, losingOptions: ["-r"]), "samba-tool": Knowledge(depth: 3), "ipa": Knowledge(depth: 1, hasCompoundVerbs: true), "certbot": Knowledge(depth: 1, losing: ["delete", "revoke"]), "atlantis": Knowledge(depth: 1), "packer": Knowledge(depth: 1), "sentry-cli": Knowledge(depth: 3), "datadog-ci": Knowledge(depth: 2), "splunk": Knowledge(depth: 2, losing: ["clean"]), "grafana-cli": Knowledge(depth: 2), "promtool": Knowledge(depth: 1),
    ]
}
