// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ProgramKnowledge {
    /// Programs that print, filter and compare text. Sources: POSIX.1-2017 XCU and the manuals of GNU coreutils, grep, sed, diffutils.
    static let textPrograms = """
        cat tac nl head tail cut paste join comm expand unexpand fold fmt rev tr cksum sum md5sum sha1sum sha224sum sha256sum = data
        sha384sum sha512sum b2sum b3sum od hexdump hd strings column colrm col colcrt ul look tsort seq yes expr factor numfmt = data
        true false : basename dirname realpath readlink pathchk nproc tty arch logname whoami groups id uname uptime cal ncal = data
        echo pwd sleep usleep wait getconf locale jot primes morse banner figlet toilet = data
        cowsay cowthink = loads -f
        ptx = writes -G --traditional
        wc = reads --files0-from
        pr = value -h -l -w -o -N -S -W
        printf = script printf
        test [ = script test
        sort = writes -o --output -T --temporary-directory | runs --compress-program | reads --files0-from --random-source | value -k -t -S --key --field-separator --buffer-size --parallel --batch-size
        uniq = operands 1 | value -f -s -w
        shuf = writes -o --output | reads --random-source | value -n -i
        split = runs --filter | value -a -b -C -l -n -t
        csplit = value -b -f -n
        grep egrep fgrep rgrep = value -e -m -A -B -C -d -D --regexp --max-count --context --include --exclude --color | reads -f --file --exclude-from
        zgrep zegrep zfgrep zcat bzcat xzcat zstdcat lz4cat bzgrep xzgrep gzcat = reads -f --file
        rg = runs --pre --hostname-bin -z --search-zip | reads -f --file --ignore-file --pre-glob --config | value -e -g -A -B -C -m -t -T -j -r -E --glob --regexp --type
        ag = runs --pager | reads -p --path-to-ignore
        ack = runs --pager --output | loads --ackrc --env
        diff = reads --from-file --to-file -X --exclude-from | value -I -U -C -W -F --label
        cmp sdiff diff3 = writes -o --output | runs --diff-program
        colordiff wdiff icdiff = runs --diff-program
        sed gsed = writes -i --in-place -I | loads -f --file | value -e -l --expression --line-length | script sed
        awk gawk mawk nawk original-awk = loads -f --file -i --include -l --load -E --exec | runs -D --debug -W -e --source | writes -o --pretty-print -p --profile -d --dump-variables | value -F -v --field-separator --assign | script awk
        jq = reads -f -L --from-file --rawfile --slurpfile --argfile | value --arg --argjson --indent
        yq = changes -i --inplace --in-place | loads --from-file -f | writes -s --split-exp
        xmllint = writes --output -o -c --c14n | runs --shell | loads --catalogs --path --load-trace | reads --xinclude --noent --loaddtd
        xsltproc = any
        xmlstarlet = changes ed edit | writes -L --inplace
        base64 base32 basenc = writes -o --output -D | value -w --wrap
        xxd = changes -r -revert | operands 1 | value -l -s -c -g -o -n
        uuencode uudecode = writes -o
        iconv = writes -o --output | value -f -t --from-code --to-code
        dos2unix unix2dos = changes -o --oldfile -n --newfile | data
        hexyl bat batcat = runs --pager --generate-config-file | loads --config-file
        glow mdcat = runs -p --pager
        date = changes -s --set 0* 1* 2* 3* 4* 5* 6* 7* 8* 9* | reads -f --file | value -d -r --date --reference
        hostname domainname dnsdomainname nisdomainname ypdomainname = operands 0 | changes -F -b --file --boot
        hostid = operands 0
        printenv = operands 1
        pandoc = writes -o --output --extract-media | runs -F --filter -L --lua-filter --pdf-engine --pdf-engine-opt | loads -d --defaults --data-dir --template -H -B -A --include-in-header --metadata-file
        tidy = changes -m -modify | writes -o -output -f -file | loads -config
        less = writes -o -O --log-file --LOG-FILE | loads -k --lesskey-file --lesskey-src --lesskey-content -T --tag-file | runs +* -p --pattern
        man apropos whatis = runs -P --pager -H --html -p --preprocessor -X --gxditview -t --troff -T --troff-device -Z --ditroff | loads -C --config-file -M --manpath -m --systems | reads -l --local-file | runs -r --prompt
        info = runs --output -o --restore -k --dribble | loads --init-file
        """
}
