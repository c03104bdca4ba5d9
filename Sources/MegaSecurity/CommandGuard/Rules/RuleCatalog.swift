// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The rules about what commands do. Their names are stable.
enum RuleCatalog {
    // Deleting
    static let deleteTree = GuardRule("delete_tree", "It deletes a folder and everything in it, without asking.", "List it first (ls -la), name the exact folder, and prefer moving it to a trash folder.")
    static let deleteSystem = GuardRule("delete_system_path", "It deletes a folder of the system, a home folder, or everything here.", "Name the exact folder below it that may go.")
    static let deleteUnseen = GuardRule("delete_unseen_files", "It deletes files that another command picks.", "Run it with -print (find) or echo (xargs) first and look at the list.")
    static let deleteVariable = GuardRule("delete_behind_variable", "The path begins with a variable; when that is empty, it means the root folder.", "Write ${NAME:?} so that an empty value stops the command.")
    static let findDelete = GuardRule("find_delete", "find deletes what it finds.", "Replace -delete with -print first and look at the list.")
    static let shred = GuardRule("overwrite_file", "It overwrites or empties files for good.", "Copy the file first, or rename it.")
    static let syncDelete = GuardRule("sync_delete", "It deletes at the destination what the source does not have, or at the source what was copied.", "Run it with --dry-run (-n) first.")
    static let windowsDelete = GuardRule("delete_without_asking", "It deletes files without asking.", "Leave out the option that silences questions, and name the exact files.")
    // Disks
    static let diskWrite = GuardRule("disk_overwrite", "It writes to a disk device; what is on it is lost.", "Check the device with lsblk, and write to an image file first.")
    static let ddWrite = GuardRule("dd_output", "dd overwrites its output without asking.", "Check of= twice; write to a new file and add conv=excl.")
    static let diskFormat = GuardRule("disk_format", "It formats, repartitions or wipes a disk or volume.", "Check the device with lsblk and have a backup.")
    // Git
    static let gitDiscard = GuardRule("git_discard_changes", "It throws away changes that are not committed.", "Run git stash first; git stash pop brings them back.")
    static let gitClean = GuardRule("git_clean", "It deletes files git does not know; they cannot be brought back.", "Run git clean -n first and look at the list.")
    static let gitForcePush = GuardRule("git_force_push", "It overwrites the history of a remote branch.", "Use git push --force-with-lease, after git fetch.")
    static let gitLease = GuardRule("git_force_with_lease", "It overwrites a remote branch, if nobody pushed in between.", "Run git fetch first and look at git log @{u}..")
    static let gitDeleteRef = GuardRule("git_delete_reference", "It deletes a branch, tag or remote reference, merged or not.", "Use git branch -d, which refuses what is not merged.")
    static let gitHistory = GuardRule("git_rewrite_history", "It rewrites history or drops what could bring commits back.", "Make a backup branch or a bundle (git bundle create) first.")
    static let gitStash = GuardRule("git_drop_stash", "It deletes stashed changes.", "Look at git stash show -p first; git stash pop keeps nothing either, git stash apply does.")
    static let gitConfig = GuardRule("git_runs_program", "A git setting given here names a program that git will run.", "Leave the setting out, or set it in a configuration you have read.")
    // Remote systems
    static let remoteDelete = GuardRule("remote_delete", "It deletes something on a remote system or service.", "Look at it first (get, list, describe), and use the dry run where there is one.")
    static let remoteChange = GuardRule("remote_change", "It replaces or takes away something on a remote system or service.", "Look at the present state first and keep a copy of it.")
    static let httpDelete = GuardRule("http_delete", "It sends a request that deletes something.", "Send a GET for the same address first and check what it names.")
    static let infrastructure = GuardRule("infrastructure_auto_approve", "It changes infrastructure without showing the plan first.", "Run plan, read it, and apply that saved plan.")
    static let infrastructureDestroy = GuardRule("infrastructure_destroy", "It destroys infrastructure without asking.", "Run plan -destroy first, and leave out the automatic approval.")
    // Databases
    static let databaseDrop = GuardRule("database_drop", "It drops or empties tables, databases or keys.", "Make a dump first, and run it in a transaction where that is possible.")
    static let databaseNoCondition = GuardRule("database_no_condition", "It changes or deletes every row: there is no WHERE.", "Add a WHERE, and try it as SELECT count(*) first.")
    // Containers
    static let containerDelete = GuardRule("container_delete", "It deletes containers, images, volumes or networks.", "List them first; volumes cannot be brought back.")
    static let containerPrivileged = GuardRule("container_privileged", "The container gets the rights of the host.", "Grant the one capability or device it needs instead.")
    static let containerMount = GuardRule("container_mounts_host", "The container gets the host's root, its Docker socket or its credentials.", "Mount the one folder it needs, read-only.")
    static let containerRemote = GuardRule("container_remote_root", "It starts a container with the host's rights on a remote daemon without TLS.", "Use a TLS context, without host rights.")
    // Permissions, accounts and services
    static let permissionSystem = GuardRule("permission_system_tree", "It changes owners or rights all through a folder of the system.", "Name the exact folder that needs it.")
    static let permissionTree = GuardRule("permission_tree", "It changes owners or rights all through a folder.", "Name the files that need it (find -type f -name … -exec chmod).")
    static let permissionOpen = GuardRule("permission_world_writable", "Everyone on this machine may write there.", "Use 755 for folders and 644 for files, or a group.")
    static let permissionSetuid = GuardRule("permission_setuid", "It lets a program run with its owner's rights, or with capabilities.", "Use sudo with an exact rule instead.")
    static let privilegedShell = GuardRule("privileged_shell", "It opens a shell as another user, in which nothing is checked any more.", "Run the one command with sudo.")
    static let privilegedEnvironment = GuardRule("privileged_environment", "It takes secrets of your environment along to another user's program.", "Pass the one value the program needs, by a file it reads.")
    static let privilegedInstall = GuardRule("privileged_download", "It downloads straight into a folder of the system.", "Download to a temporary folder, check it, then install it.")
    static let accounts = GuardRule("account_change", "It deletes or changes accounts, passwords or who may become root.", "Look at the account first (id, getent), and keep a second way in.")
    static let serviceStop = GuardRule("service_stop", "It stops, disables or removes a service.", "Look at systemctl status first; restart where that is enough.")
    static let shutdown = GuardRule("machine_shutdown", "It shuts down or restarts the machine.", "Use shutdown with a time and a message, when that is meant.")
    static let firewall = GuardRule("firewall_open", "It removes protection of the network or of the system.", "Add the one rule that is needed.")
    static let processKill = GuardRule("process_kill_all", "It kills every process, or ones that match loosely.", "Name the process by its number (pgrep -a first).")
    static let forkBomb = GuardRule("fork_bomb", "It starts copies of itself without end.", "Do not run it.")
    static let packageRemove = GuardRule("package_remove", "It removes packages, perhaps with what depends on them.", "Run it with --dry-run (-s) first and read the list.")
    static let packagePublish = GuardRule("package_unpublish", "It takes back or replaces something that is published.", "Publish a new version, or mark the old one as deprecated.")
    static let scheduleRemove = GuardRule("schedule_remove", "It deletes all scheduled jobs of a user.", "Save them first: crontab -l > crontab.bak")
    static let historyClear = GuardRule("traces_removed", "It deletes or hides the record of what was done.", "Leave logs and history as they are; rotate logs with logrotate.")
    // Writing
    static let startupFile = GuardRule("startup_file_write", "It changes a file that is run or trusted by itself later on: shell start-up, keys, scheduled jobs, units.", "Show the change first, and make it in an editor.")
    static let systemWrite = GuardRule("system_file_write", "It writes into a folder of the system.", "Write to a temporary file, compare it, then install it.")
    static let persistence = GuardRule("persistence_install", "It makes something run by itself later on.", "Read what would run, and install it by hand.")
    static let archive = GuardRule("archive_over_home", "It unpacks an archive over the home folder or the root.", "Unpack it into an empty folder and look at it.")
    // Running
    static let pipeToShell = GuardRule("pipe_to_shell", "It runs what it downloads, unseen.", "Download to a file, read it, then run it.")
    static let pipeToInterpreter = GuardRule("pipe_to_interpreter", "It runs what another command prints, unseen.", "Write it to a file, read it, then run it.")
    static let decodeAndRun = GuardRule("decode_and_run", "It decodes text and runs it: what runs cannot be read here.", "Decode it to a file and read that first.")
    static let downloadThenRun = GuardRule("download_then_run", "It downloads a file and runs it.", "Read the file, or check its signature or digest, in between.")
    static let reverseShell = GuardRule("reverse_shell", "It gives a shell on this machine to someone on the network.", "Use ssh.")
    static let inlineProcess = GuardRule("inline_code_runs_process", "Program text in the command starts another process, or runs text as code.", "Run the command itself, or put the program into a file that can be read.")
    static let inlineDelete = GuardRule("inline_code_deletes", "Program text in the command deletes files.", "Delete with a command that names the files.")
    static let dynamicProgram = GuardRule("dynamic_program", "Which program runs is only known when it runs.", "Write the program's name.")
    static let notUnderstood = GuardRule("not_understood", "A part of it could not be understood.", "Write it more simply, or as several commands.")
    static let wrapperDepth = GuardRule("wrapped_too_deeply", "It is wrapped or nested too deeply to be followed.", "Write the command itself.")
    static let procMemory = GuardRule("process_memory_access", "It reads or writes the memory of a process.", "Use a debugger on a process of your own.")
    // Sending
    static let exfiltration = GuardRule("data_exfiltration", "It sends credentials or private files to another machine.", "Send nothing but what the other side needs, never keys or password files.")
    static let credentialSweep = GuardRule("credential_sweep", "It reads several files with credentials at once.", "Name the one file that is needed.")
    // Windows
    static let executionPolicy = GuardRule("powershell_policy_bypass", "It switches off PowerShell's check of scripts.", "Sign the script, or use RemoteSigned for the current user.")
    static let defender = GuardRule("antivirus_exclusion", "It keeps the virus scanner from looking.", "Leave it on, and report the false alarm.")
}
