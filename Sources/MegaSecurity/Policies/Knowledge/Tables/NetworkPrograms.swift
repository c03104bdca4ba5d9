// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ProgramKnowledge {
    /// Programs that talk to other machines, and mixed ones that can run others. Sources: the manuals of curl, wget, nmap, tcpdump, OpenSSL.
    static let networkPrograms = """
        curl = operands 1 | writes -o --output -O --remote-name --remote-name-all --output-dir -J --remote-header-name -D --dump-header -c --cookie-jar --trace --trace-ascii --stderr --libcurl --etag-save --hsts --alt-svc --create-dirs -C --continue-at -w --write-out --skip-existing --dump-ca-embed | loads -K --config -q --engine --cacert --capath -E --cert --key --proxy-cert --proxy-key --krb --delegation | sends -d --data --data-ascii --data-binary --data-raw --data-urlencode -F --form --form-string --json -T --upload-file -X --request -H --header -u --user -b --cookie -e --referer -A --user-agent -x --proxy --preproxy --socks4 --socks4a --socks5 --socks5-hostname --resolve --connect-to --doh-url --interface --unix-socket --abstract-unix-socket --mail-from --mail-rcpt -Q --quote --prequote --postquote -n --netrc --netrc-file --netrc-optional --next -: --url --url-query -G --get -t --telnet-option --proto-default --aws-sigv4 --oauth2-bearer | changes -k --insecure --ciphers --dns-servers -g --globoff | value -m --max-time --connect-timeout --retry -r --range | sends file:* dict:* gopher:* telnet:* ldap:* smb:* scp:* sftp:* ftp:* tftp:* | reads @* --variable --expand-* --netrc*
        wget = operands 1 | writes -O --output-document -o --output-file -a --append-output -P --directory-prefix --warc-file --save-cookies --save-headers --rejected-log -r --recursive -m --mirror -p --page-requisites --default-page -x --force-directories --backups -N --timestamping -c --continue | runs --use-askpass -e --execute | loads --config -i --input-file --load-cookies --ca-certificate --ca-directory --certificate --private-key --crl-file --egd-file --random-file | sends --post-data --post-file --body-data --body-file --method --header -U --user-agent --referer --user --password --http-user --http-password --ftp-user --ftp-password --proxy-user --proxy-password --bind-address -B --base -H --span-hosts | changes --no-check-certificate -k --convert-links --delete-after | value -t -T -w -Q -l
        http https httpie xh curlie = any
        ping ping6 tracepath traceroute traceroute6 mtr arping fping = strict | flag -n -4 -6 -q -r --report -b -w | value -c -i -W -m -s
        dig host nslookup drill delv kdig = reads -f -k @* | strict | flag -4 -6 -t -v -a +short +trace +noall +answer A AAAA MX NS TXT SOA CNAME PTR SRV CAA ANY | value -t -p -x
        whois = reads -h --host -p --port | operands 1
        nmap = strict | flag -sn -sT -Pn -n -F -4 -6 | value -p
        tcpdump tshark dumpcap wireshark = strict | flag -D -n -e -q -v -A -X -t | value -c
        openssl = sub | known | never engine enc s_client s_server req ca smime cms speed ocsp ts
        openssl/version openssl/list openssl/ciphers openssl/help = strict | flag -a -v
        openssl/dgst openssl/sha256 openssl/md5 = dash | strict | flag -sha256 -sha512 -md5 -r -hex -sha1
        openssl/x509 openssl/verify = dash | strict | flag -noout -text -subject -issuer -dates -enddate -fingerprint -serial | value -in -inform -checkend
        openssl/rand = dash | strict | flag -hex -base64
        ssh-keygen = strict | flag -l -L -F | value -f -E
        ssh-add ssh-copy-id ssh-keyscan = any
        avahi-browse nmcli bluetoothctl wpa_cli rfkill = any
        aws gcloud az doctl linode-cli oci ibmcloud hcloud flyctl heroku vercel netlify wrangler s3cmd gsutil mc rclone = sub | strict | never configure ssm ecs eks ssh
        swaks sendmail msmtp nullmailer ssmtp exim exim4 postfix postqueue qmail mailq = any
        snmpget snmpwalk ldapsearch ldapadd ldapmodify rpcinfo showmount nfsstat = strict
        gs ghostscript convert magick mogrify montage = strict
        ffprobe mediainfo exiftool identify sox soxi pdfinfo pdftotext = strict | flag -v -hide_banner -show_format -show_streams | value -of
        ffmpeg = strict
        lpstat lpq lp lpr cancel = strict
        """

    /// Compilers, tests and tools of development. Sources: the manuals of GCC, Clang, Cargo, npm, pip, Go, SwiftPM.
    static let developmentPrograms = """
        gcc cc c++ g++ clang clang++ cpp c89 c99 gfortran gnat icc = runs -wrapper -fplugin* -B* -specs* --specs* -Xlinker -Wl* -load -Xclang -fuse-ld* -no-canonical-prefixes | loads @* -include -imacros -iplugindir* | strict | flag -c -S -E -g -O0 -O1 -O2 -O3 -Os -Wall -Wextra -Werror -fsyntax-only --version -v | value -o -I -D -std | dash
        ld gold lld ld.gold ld.lld ld.bfd mold as objcopy strip ranlib elfedit patchelf install_name_tool = any
        nm objdump readelf size addr2line c++filt ldd-tree otool lipo dwarfdump = loads --plugin | strict | flag -a -h -d -t -x -D -C -l -s -S -W --all --headers --syms
        rustc swiftc javac ghc-pkg kotlinc-jvm scalac erlc tsc = folder | strict | flag --version -O --noEmit
        make gmake bmake ninja samu cmake ctest meson scons gradle gradlew mvn ant bazel buck2 just task tox nox gulp grunt rake invoke thor = sub | folder | strict | never -f -C -c -e
        npm = sub | folder | strict | known | never exec x init create config set explore edit link pack publish login adduser token run-script-shell
        npm/test npm/t npm/tst npm/start npm/stop npm/restart = folder | strict
        npm/run npm/run-script = folder | strict | flag -s --silent --if-present
        npm/ls npm/list npm/outdated npm/view npm/audit npm/why npm/root npm/prefix npm/version npm/whoami npm/ping npm/search = folder | strict | flag --json --depth --all -a -l --long | changes fix
        npm/install npm/i npm/ci npm/update = folder | changes -g --global | flag --save-dev -D --no-save --legacy-peer-deps --ignore-scripts --omit --prefer-offline --no-audit --no-fund | strict
        pnpm yarn = sub | folder | strict | never exec dlx create config link node run-script
        pip pip3 = sub | known | never config install download wheel hash debug
        pip/list pip/show pip/freeze pip/check pip/index pip/inspect pip/--version pip3/list pip3/show pip3/freeze pip3/check = strict | flag --outdated --format --user -v
        uv poetry pipenv pdm hatch rye conda mamba micromamba cabal virtualenv twine flit = sub | folder | strict | never run tool shell exec x publish config
        cargo = sub | folder | strict | known | never install run r rustc rustdoc fix publish login owner
        cargo/build cargo/b cargo/check cargo/c cargo/test cargo/t cargo/clippy cargo/fmt cargo/bench cargo/doc cargo/tree cargo/metadata cargo/update cargo/fetch cargo/clean = folder | strict | flag --release -r --all --all-targets --all-features --workspace -v -q --locked --offline --frozen --no-run --check --no-fail-fast --lib --bins --tests | value -p --package --features -F -j --jobs --test --bin --example
        go = sub | folder | known | never run generate tool install get env mod work telemetry bug
        go/build go/test go/vet go/list go/version go/doc go/fmt = folder | strict | flag -v -race -short -json -count | dash | value -run -timeout -count | runs -exec -toolexec -vettool -gccgoflags -ldflags -gcflags -asmflags -overlay -modfile | writes -o -c -coverprofile -cpuprofile -memprofile -trace
        swift = sub | folder | known | never run repl sdk
        swift/build swift/test swift/--version = folder | strict | flag -c -v --verbose --parallel --build-tests --skip-build --no-parallel release debug -q | value -c --filter --skip --product --target --configuration
        swift/package = folder | strict | flag --version describe dump-package show-dependencies resolve
        dotnet = sub | folder | strict | never exec run tool new fsi script
        gem = sub | strict | never exec open install fetch unpack push build
        composer = sub | folder | strict | never exec run run-script global config create-project
        mix rebar3 dune stack sbt = sub | folder | strict | never run exec utop repl do cmd
        pytest py.test nose2 unittest = folder | loads -p -c --config-file -o --override-ini --rootdir --confcutdir | runs --pdb --pdbcls --trace --import-mode | writes --junitxml --junit-xml --basetemp --cov-report --log-file --debug --resultlog --pastebin
        jest mocha ava vitest eslint prettier stylelint tslint rubocop flake8 pylint mypy black ruff isort standard biome = folder | strict | flag -q --quiet --check --fix --version --watchAll
        git = sub | known | folder | never config filter-branch difftool mergetool daemon instaweb web--browse send-email shell upload-pack receive-pack upload-archive fast-import for-each-repo credential credential-store hook svn p4 cvsserver cvsimport gui citool gitk maintenance bisect rebase help submodule am replace submodule--helper remote-ext remote-fd
        gh glab hub tea = sub | strict | never api extension alias codespace auth ssh-key gist secret variable workflow
        hg svn bzr fossil cvs darcs p4 jj sl = sub | folder | strict | never config serve debugcommands
        clang-format clang-tidy cppcheck shellcheck hadolint yamllint markdownlint jsonlint actionlint shfmt gofmt swift-format rustfmt = strict | flag -l -d -q -n --check --quiet lint | folder
        cloc scc tokei sloccount ctags etags cscope gtags global = strict
        protoc thrift flatc bison flex yacc lex swig = any
        docker podman nerdctl = sub | known | never exec run compose build buildx cp create commit load import login plugin context swarm service stack secret config save export update rename volume network
        docker/ps docker/images docker/version docker/info docker/logs docker/inspect docker/top docker/stats docker/port docker/history docker/search podman/ps podman/images podman/version podman/info podman/logs podman/inspect podman/top podman/stats nerdctl/ps nerdctl/images = strict | flag -a -q -f -t -l -s --all --no-trunc --no-stream | value --format --filter --tail --since --until -n
        docker/stop docker/start docker/restart docker/pull docker/tag podman/stop podman/start podman/restart podman/pull = strict
        ctr crictl runc crun youki containerd dockerd buildah skopeo lxc lxd incus lxc-attach lxc-execute distrobox toolbox flatpak snap = any
        kubectl oc kubecolor k3s minikube kind = sub | known | never exec run debug cp proxy port-forward attach edit plugin config kustomize
        kubectl/get kubectl/describe kubectl/logs kubectl/top kubectl/version kubectl/explain kubectl/api-resources kubectl/cluster-info oc/get oc/describe oc/logs = loads --kubeconfig -k --kustomize | sends -s --server --token --as --as-group --client-key --client-certificate --certificate-authority --insecure-skip-tls-verify --username --password --tls-server-name --user --cluster --context --raw | reads -f --filename | writes --cache-dir --profile-output --log-dir --log-file
        helm = sub | strict | never plugin install upgrade template lint package
        helm2 helmfile kustomize argocd flux istioctl = any
        terraform tofu terragrunt pulumi cdk serverless sam packer vagrant skaffold tilt = sub | folder | strict | never console init apply destroy import taint ssh
        virsh virt-install virt-manager vboxmanage VBoxManage = any
        """

    /// Package managers of systems: they run scripts of what they install. Sources: their manuals.
    static let packagePrograms = """
        apt apt-get apt-cache apt-file aptitude = sub | known | never edit-sources changelog source build-dep shell -o -c download
        apt/list apt/show apt/search apt/policy apt-cache/search apt-cache/show apt-cache/policy apt-cache/depends apt-cache/rdepends apt-file/search aptitude/search aptitude/show = strict | flag --installed --upgradable -a -n -q --names-only
        apt/update apt/install apt/upgrade apt-get/update apt-get/install apt-get/upgrade apt/remove apt-get/remove apt/autoremove apt-get/autoremove = loads -o --option -c --config-file -t --target-release -a --host-architecture | changes --allow-unauthenticated --allow-downgrades --force-yes --reinstall --purge --allow-change-held-packages | strict | flag -y -q -qq --yes --no-install-recommends -s --simulate --dry-run --download-only -d
        apt-key add-apt-repository apt-mark apt-config dselect tasksel debconf dpkg-reconfigure dpkg-divert alien = any
        dpkg dpkg-query dpkg-deb = strict | flag -l -L -s -S -p -c -I --list --listfiles --status --search --get-selections --print-architecture | value -f --showformat -W
        rpm rpmquery rpmverify rpmkeys rpmdb = strict | flag -q -a -i -l -f -p -c -d -R --query --all --info --list --requires --provides --last
        dnf yum microdnf zypper pacman apk emerge xbps-install xbps-query pkg pkg_add pkg_info port brew opkg slackpkg swupd eopkg nala urpmi tdnf = sub | strict | never shell config-manager sh exec edit download audit-shell
        nix nixos-rebuild home-manager guix opam cpan cpanm luarocks = any
        """
}
