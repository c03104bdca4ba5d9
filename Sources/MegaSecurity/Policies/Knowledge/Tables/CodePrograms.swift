// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ProgramKnowledge {
    /// Shells and interpreters: their arguments, scripts or input are code.
    static let codePrograms = """
        # shells
        sh bash dash ash zsh ksh ksh88 ksh93 mksh lksh pdksh oksh loksh posh yash sash es rc fish csh tcsh rbash rksh rzsh elvish xonsh = code
        nu nushell ion murex osh oil ysh scsh hush bosh pbosh mrsh gwsh bash-static zsh-static dash-static pwsh powershell cmd cmd.exe = code
        powershell.exe pwsh.exe wscript cscript mshta busybox toybox bash-completion sbase-box ubase-box = code
        # the shell's own words that run, define or change what runs
        eval source . exec trap alias unalias hash set export unset enable bind complete compgen shopt read mapfile readarray declare = code
        typeset local let getopts readonly fc history builtin command noglob coproc autoload zmodload emulate = code
        # languages
        python python2 python3 pypy pypy3 jython ipython ipython3 bpython ptpython micropython pdb = code
        perl perl5 perl6 raku rakudo perlbug perlthanks perldoc re.pl ruby irb jruby mruby mirb truffleruby erb pry byebug rails = code
        node nodejs deno bun ts-node tsx tsnode coffee qjs njs d8 js jsc rhino gjs cjs electron nwjs zx = code
        php php-cgi php-fpm phpdbg hhvm lua luajit luac texlua luatex lualatex moon wish tclsh jimsh expect expectk tkcon = code
        R Rscript julia octave octave-cli matlab scilab maxima gp sage gap ginsh yacas wolframscript guile gsi gosh csi racket scheme = code
        chibi-scheme mit-scheme mzscheme bigloo sbcl clisp ecl ccl abcl newlisp picolisp pil janet fennel hy clojure clj bb lein emacs = code
        emacsclient elixir iex erl escript gleam ghc ghci runghc runhaskell ocaml ocamlrun utop sml poly mosml swipl gprolog yap prolog = code
        gforth pforth factor j jconsole ijconsole groovy groovysh groovyConsole scala scala-cli amm kotlin kotlinc java javaws jshell jjs = code
        jrunscript jdb jstat jwebserver osascript automator dc bc m4 gnuplot idl gdl gst smalltalk squeak pharo rexx regina oorexx forth logo = code
        nim nimscript crystal vala valac tcc c-repl cling dmd rdmd ldc2 gdc fpc zig v red rebol tinyscheme nickle pike rakudo-star = code
        qalc gretl spss stata sas psi4 nqp moar nasm-shell cobc cobcrun = code
        # editors: all of them can run commands or write any file
        ed red ex vi vim vim.basic vim.tiny vim.gtk3 vi.basic view vimdiff rvim rview gvim gview nvim neovim nano rnano pico joe jmacs jstar jpico = code
        rjoe jed mcedit micro kakoune kak helix hx ne tilde mg zile jove elvis vile nvi levee vis ee ce aee dte code codium code-insiders gedit = code
        kate kwrite subl atom pluma mousepad leafpad geany emacs-nox ispell = code
        # debuggers and tracers
        gdb gdb-multiarch lldb cgdb ddd rdb jtag r2 radare2 rizin edb scanmem gameconqueror bpftrace bcc stap systemtap dtrace perf strace = code
        ltrace uftrace valgrind rr frida gcore crash pstack sysdig csysdig tcpreplay = code
        # data bases' command lines
        psql mysql mariadb mysqlsh mycli pgcli litecli sqlite sqlite3 sqlcipher duckdb mongo mongosh cqlsh isql osql sqlplus sqlcmd usql = code
        clickhouse clickhouse-client redis-cli iredis influx cockroach db2 fbsql isql-fb tarantool monetdb mclient virtuoso neo4j cypher-shell = code
        # programs that read commands from their input
        ftp sftp lftp ncftp tnftp tftp psftp telnet telnet-ssl mail mailx Mail mutt neomutt nail s-nail heirloom-mailx alpine pine elm = code
        more most pg w3m lynx links elinks browsh mc ranger nnn lf vifm fzf fzy sk peco dialog whiptail zenity yad xdotool wmctrl xmodmap = code
        debugfs xfs_db zdb minicom runscript picocom bconsole asterisk fsfreeze iftop htop atop btop nethogs ncdu tig lazygit gitui = code
        cupsfilter msgfilter pstoedit ipython-console tshark-shell msfconsole msfvenom metasploit sqlmap hping3 scapy bettercap ettercap = code
        openocd telnetd rlwrap rlfe readline-wrapper rpcclient smbclient winexe impacket-smbexec evil-winrm crackmapexec nxc ldapvi = code
        """
}
