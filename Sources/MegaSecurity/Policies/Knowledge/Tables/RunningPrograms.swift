// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ProgramKnowledge {
    /// Programs whose arguments or files are programs, and programs that hand out rights.
    static let runningPrograms = """
        # other users, rights, roots, namespaces
        sudo sudoedit doas su runuser pkexec gosu su-exec sg newgrp setpriv capsh ksu super calife op please dzdo pfexec login agetty getty = any
        chroot schroot fakechroot unshare nsenter setuidgid envuidgid chpst softlimit aa-exec runcon newrole sandbox genie enroot firejail = any
        bwrap proot fakeroot fakeroot-ng minijail0 nsjail judge isolate ssh-agent gpg-agent dbus-run-session dbus-launch visudo vipw vigr = any
        passwd chsh chfn chage usermod useradd userdel adduser deluser groupadd groupmod gpasswd setcap setfacl chattr chown chmod chgrp = any
        # carriers
        env nice ionice chrt taskset numactl numad cpulimit nohup timeout setsid stdbuf unbuffer time multitime hyperfine catchsegv choom = any
        xargs parallel rush watch entr watchexec nodemon flock lckdo setlock lockfile lockrun logsave script scriptreplay at batch crontab = any
        cron anacron fcron systemd-run systemd-inhibit systemd-nspawn machinectl run-parts start-stop-daemon daemon daemonize runit runsv sv = any
        svc supervise supervisord supervisorctl pm2 forever foreman overmind honcho tini dumb-init s6-setsid s6-svscan execlineb faketime = any
        setarch linux32 linux64 i386 x86_64 uname26 ld.so ld-linux ld-linux.so.2 ld-linux-x86-64.so.2 ldd prlimit trickle torsocks torify tsocks = any
        proxychains proxychains4 sshpass eatmydata distcc ccache sccache icecc pump xvfb-run xinit startx sx cage weston-launch aoss padsp grc = any
        primusrun optirun vglrun gamemoderun mangohud apulse pax11publish pidstat timelimit timeout3 expect_unbuffer = any
        # terminals and their multiplexers
        screen tmux byobu tmate dtach abduco dvtm zellij mtm xterm uxterm lxterm rxvt urxvt urxvtc aterm eterm konsole gnome-terminal = any
        xfce4-terminal lxterminal mate-terminal terminator tilix kitty alacritty foot wezterm st sakura guake yakuake cool-retro-term = any
        ttyd gotty wetty shellinabox shellinaboxd = any
        # other machines
        ssh slogin autossh mosh mosh-server mosh-client dbclient plink putty pscp scp rsync rclone unison rsh rlogin rexec rcp sshfs sshuttle = any
        sshd dropbear nc ncat netcat nc.openbsd nc.traditional socat socket cu tip uucp uux telnetd inetd xinetd tcpserver tcpd stunnel = any
        stunnel4 openvpn wg-quick vpnc pppd chat xl2tpd ngrok cloudflared frpc chisel gost pdsh pssh parallel-ssh clusterssh cssh ansible = any
        ansible-playbook ansible-console ansible-pull ansible-test ansible-galaxy salt salt-call salt-ssh puppet chef-client chef-solo knife = any
        cdist cf-agent fab capistrano cap mina pyinfra bolt rundeck nomad consul teleport tsh boundary waypoint = any
        # typesetting with a shell escape
        latex pdflatex xelatex xetex luatex tex pdftex etex platex uplatex latexmk rubber context mtxrun dvips groff nroff troff pic eqn = any
        # one-shot package runners
        npx pnpx bunx uvx pipx pip-run pex shiv cargo-binstall go-run bundle bundler rbenv pyenv nodenv nvm asdf mise direnv = any
        # writers and loaders without bounds
        dd tee install ln truncate mknod mkfifo shred wipefs mkfs fdisk parted sfdisk gdisk cfdisk losetup dmsetup cryptsetup umount = any
        swapon swapoff insmod modprobe rmmod kmod depmod kexec reboot shutdown halt poweroff init telinit update-alternatives = any
        iptables ip6tables nft ufw firewall-cmd ebtables arptables tc brctl ovs-vsctl = any
        gpg gpg2 gpgsm gpgconf certbot acme.sh lego dehydrated restic borg borgmatic duplicity duplicati rdiff-backup rsnapshot kopia = any
        tarsnap bup bacula amanda burp snapper timeshift = any
        qemu qemu-system-x86_64 qemu-system-aarch64 qemu-x86_64 qemu-aarch64 qemu-img qemu-nbd wine wine64 wineconsole box64 box86 = any
        xdg-open open start gio gnome-open kde-open exo-open run-mailcap see edit compose print sensible-editor sensible-browser = any
        sensible-pager select-editor editor pager www-browser x-www-browser x-terminal-emulator gnome-www-browser = any
        logrotate finger apache2 apache2ctl httpd nginx caddy lighttpd varnishd haproxy mosquitto redis-server mysqld postgres = any
        dosbox dosbox-x gimp inkscape blender libreoffice soffice gnucash audacity obs steam lutris zathura evince okular yelp = any
        firefox chromium chromium-browser google-chrome brave epiphany midori thunderbird evolution = any
        claude gemini aider opencode goose cursor windsurf copilot llm ollama sgpt mods fabric-ai = any
        mplayer mpv vlc cvlc scrot flameshot maim = any
        slock xscreensaver plymouth wall write mesg rc-service invoke-rc.d update-rc.d chkconfig initctl = any
        youtube-dl yt-dlp aria2c transmission-cli transmission-remote rtorrent deluge = any
        """
}
