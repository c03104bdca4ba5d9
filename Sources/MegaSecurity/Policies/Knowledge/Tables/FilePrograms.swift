// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ProgramKnowledge {
    /// Programs that look at files, archives and the machine. Sources: findutils, coreutils, GNU tar, Info-ZIP, procps, iproute2.
    static let filePrograms = """
        ls dir vdir stat df du type which whereis lscpu lsblk lsusb lspci lsmod lsns free vmstat iostat mpstat ps pgrep pidof w who users = data
        last lastlog lslogins lsmem lsipc lslocks pmap pwdx slabtop smem tload uptime nstat rtstat cd dircolors acpi = data
        sensors inxi hwinfo = strict | flag -f -a
        exa eza lsd lsattr getfattr getfacl getcap namei findmnt blkid mountpoint filefrag fuser lsof = strict | flag -l -a -h -r -t -T -1 -A -R -n -P -d -v -V --long --all --tree --json -o
        dust duf dfc = data
        tree = writes -o | runs -R | reads --fromfile --infofile --gitfile | value -L -P -I
        find = dash | runs -exec -execdir -ok -okdir | changes -delete | writes -fprint -fprint0 -fprintf -fls | reads -files0-from | value -name -iname -path -ipath -regex -iregex -lname -ilname -wholename -iwholename -type -xtype -size -mtime -mmin -atime -amin -ctime -cmin -newer -maxdepth -mindepth -perm -user -group -printf -regextype -inum -links -samefile -fstype
        fd fdfind = runs -x -X --exec --exec-batch -l --list-details | reads --ignore-file --base-directory -C
        locate mlocate plocate = reads -d --database
        file = writes -C --compile | loads -m --magic-file -M | reads -f --files-from | runs -z -Z --uncompress --uncompress-noreport
        top = strict | flag -b -H -i -c -S | value -n -d -p -u -o
        unlink trash trash-put shasum sync = data
        rm rmdir = changes -r -R -f --recursive --force --no-preserve-root -d --dir -p --parents
        cp mv = changes -f --force -t --target-directory --remove-destination -T --no-target-directory -r -R -a --recursive --archive --backup -b -S --suffix
        mkdir = value -m --mode
        touch = reads -r --reference | value -d -t --date
        tar gtar bsdtar = letters | runs -I -F --use-compress-program --to-command --checkpoint-action --info-script --new-volume-script --rsh-command --rmt-command | writes x c r u A --extract --get --create --append --update --catenate --concatenate --delete -x -c -r -u -A --index-file --backup -P --absolute-names --overwrite --remove-files --unlink-first --recursive-unlink --volno-file | reads T X --files-from --exclude-from -T -X | value -b --exclude | flag --file --list | sends *:*
        star pax = any
        cpio = any
        ar = letters | changes d m q r s x
        zip = runs -TT --unzip-command | strict | flag -r -q -v -9 -1 -0 -j -sf
        unzip = strict | flag -l -v -t -q -Z -p -c | operands 2
        zipinfo zipdetails lsar = strict | flag -l -m -s -v -h -t -1 -2 -T -z
        7z 7za 7zr 7zz p7zip = strict | flag l t i -slt -ba -bd
        unrar rar unar unace arj lha zoo arc = any
        gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4 lzma compress uncompress = changes -f --force --rm -o | value -S --suffix
        pigz pbzip2 = changes -f --force
        diffstat = writes -o
        lsdiff grepdiff = data
        rename prename mmv = any
        patch = any
        inotifywait fswatch incron = strict | flag -m -r -q | value -t -e
        mount = operands 0 | strict | flag -l
        sysctl = strict | flag -a -n -e -N | changes -w -p --system --load | operands 1
        dmesg = changes -C -c -D -E -n --clear --read-clear --console-off --console-on --console-level | reads -F --file -K --kmsg-file
        journalctl = strict | flag -e -x -k -b -r -q -a -f --no-pager -l --full --utc --list-boots --disk-usage --no-hostname --user --system | value -n -u -p -o -S -U -t -g --unit --lines --output --since --until --priority --identifier --grep | changes --vacuum-size --vacuum-time --vacuum-files --rotate --flush --sync --relinquish-var --setup-keys --update-catalog | reads -D -M --directory --file --root --image --machine
        systemctl = sub | known | never edit link enable set-environment import-environment set-property preset preset-all switch-root kexec exec daemon-reexec start-transient add-wants add-requires revert mask
        systemctl/status systemctl/is-active systemctl/is-enabled systemctl/is-failed systemctl/list-units systemctl/list-timers systemctl/list-unit-files systemctl/list-sockets systemctl/list-dependencies systemctl/show systemctl/cat systemctl/get-default = strict | flag -l -a -q --no-pager --full --all --failed --user --system --no-legend --plain | value -n -t -p -o --lines --type --state --property --output
        systemctl/start systemctl/stop systemctl/restart systemctl/reload systemctl/try-restart systemctl/daemon-reload = strict | flag -q --no-block --user --system --quiet
        service = sub | strict
        loginctl = sub | known | never attach terminate-user kill-user enable-linger
        loginctl/list-sessions loginctl/list-users loginctl/show-session loginctl/session-status = strict | flag --no-pager --no-legend
        timedatectl hostnamectl localectl resolvectl networkctl bootctl coredumpctl busctl = sub | known
        timedatectl/status timedatectl/show hostnamectl/status localectl/status resolvectl/status resolvectl/query networkctl/status networkctl/list bootctl/status coredumpctl/list busctl/list busctl/status = strict | flag --no-pager --no-legend -a
        gdbus dbus-send qdbus dbus-monitor = any
        ip = sub | never netns vrf -b -batch -force | strict | flag addr address link route neigh rule show list ls get dev -4 -6 -br -brief -c -color -j -json -o -s -d -details -h -stats
        ifconfig route arp netstat ss = strict | flag -a -n -t -u -l -p -r -i -s -e -o -4 -6 -x -H -O -w | operands 1
        iw iwconfig ethtool = strict | flag -i -S -k -g -c -a
        lsb_release = data
        getent = data
        stty setterm tput tabs clear reset = strict | flag -a size sane cols lines colors bold sgr0 clear
        xclip xsel wl-copy wl-paste pbcopy pbpaste = strict | flag -o
        """
}
