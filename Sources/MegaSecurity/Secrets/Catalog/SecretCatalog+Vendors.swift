// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension SecretCatalog {
    /// Keys without a mark of their own, known by the name they are assigned to. A line: type | title | words in the name | forms of the value.
    /// A plus inside a word stands for nothing, `-`, `_` or `.`; a word with `~` is an everyday one and counts only beside a word for
    /// secrets, such as `token`.
    static let vendorLines = #"""
        ably-api-key | Ably key | ~ably | {t6}.{t6}:{t20-43}
        abstract-api-key | Abstract key | abstractapi | {h32}
        abuseipdb-api-key | AbuseIPDB key | abuseipdb | {h80}
        activecampaign-key | ActiveCampaign key | active+campaign | {h72}
        adafruit-api-key | Adafruit key | adafruit | {t32}
        adobe-client-id | Adobe client id | adobe | {H32}
        adobe-client-secret | Adobe secret | adobe | p8e-{H32} p8{t30-36}
        adyen-api-key | Adyen key | adyen | AQE{m60-300}
        airbrake-key | Airbrake key | airbrake | {h32}
        airtable-api-key | Airtable key | airtable | key{a14} {l17}
        akamai-client-token | Akamai token | akamai | akab-{l16}-{l16} {m40-60}
        alchemy-api-key | Alchemy key | alchemy | {t32}
        algolia-api-key | Algolia key | algolia | {l32}
        alibaba-secret-key | Alibaba Cloud secret | alibaba aliyun | {a30}
        amplitude-api-key | Amplitude key | amplitude | {h32}
        anyscale-key | Anyscale key | anyscale | esecret_{a20-40}
        apollo-key | Apollo key | ~apollo | {a22} service:{t3-40}:{t22}
        appcenter-token | App Center token | appcenter | {h40}
        appveyor-token | AppVeyor token | appveyor | v2.{l20} {l20}
        asana-client-id | Asana client id | asana | {d16}
        asana-client-secret | Asana secret | asana | {l32}
        assemblyai-key | AssemblyAI key | assembly+ai | {h32}
        atlassian-api-key | Atlassian token | atlassian confluence jira | {a24}
        attio-api-key | Attio key | attio | {h64}
        auth0-client-secret | Auth0 secret | auth0 | {t64} {t32}
        aws-secret-access-key | AWS secret key | aws amazon | {b40}
        azure-subscription-key | Azure key | azure cognitive ocp-apim | {h32} {l52} {a84} {b86-88}
        backblaze-key | Backblaze key | backblaze ~b2 | K00{d1}{m27} {h25} {m31}
        bamboohr-key | BambooHR key | bamboohr | {h40}
        baidu-key | Baidu key | baidu | {a24} {a32}
        beamer-api-token | Beamer token | beamer | b_{e44}
        better-stack-token | Better Stack token | betterstack betteruptime logtail | {a24} {a25}
        bigcommerce-token | BigCommerce token | bigcommerce | {l31} {l32}
        binance-key | Binance key | binance | {a64}
        bitbucket-client-id | Bitbucket client id | bitbucket | {a32}
        bitbucket-client-secret | Bitbucket secret | bitbucket | {e64}
        bitfinex-key | Bitfinex key | bitfinex | {a43}
        bitly-token | Bitly token | bitly | {h40}
        bitmex-key | BitMEX key | bitmex | {t24} {t48}
        bitrise-token | Bitrise token | bitrise | {t86} {t40-90}
        bittrex-key | Bittrex key | bittrex | {l32}
        box-client-secret | Box secret | ~box | {a32}
        braintree-key | Braintree key | braintree | {h32}
        branch-key | Branch key | ~branch | key_live_{a32} key_test_{a32} secret_live_{a32}
        braze-api-key | Braze key | braze | {uuid}
        browserstack-key | BrowserStack key | browserstack | {a20}
        bugsnag-key | Bugsnag key | bugsnag | {h32}
        buildkite-agent-token | Buildkite token | buildkite | {h50} {h40}
        bunny-key | bunny.net key | bunny+cdn bunnynet | {uuid} {uuid}{uuid}
        bynder-token | Bynder token | bynder | {h64}
        calendly-key | Calendly key | calendly | {m40-500}
        censys-secret | Censys secret | censys | {uuid} {a32}
        circleci-legacy-token | CircleCI token | circle+ci ~circle | {h40}
        cisco-meraki-key | Meraki key | meraki | {h40}
        clearbit-key | Clearbit key | clearbit | sk_{h32}
        close-key | Close key | closeio ~close | api_{a22}.{a22}
        cloudflare-api-token | Cloudflare token | cloudflare ~cf | {t40}
        cloudflare-global-key | Cloudflare key | cloudflare ~cf | {h37} {h45}
        cloudinary-secret | Cloudinary secret | cloudinary | {t27} {d15}
        cloudsmith-key | Cloudsmith key | cloudsmith | {h40}
        codacy-token | Codacy token | codacy | {a20} {h32}
        codeclimate-token | Code Climate token | codeclimate cc+test+reporter | {h64} {h40}
        codecov-token | Codecov token | codecov | {l32} {uuid}
        codemagic-token | Codemagic token | codemagic | {t43}
        cohere-api-key | Cohere key | cohere co+api+key | {a40}
        coinapi-key | CoinAPI key | coinapi | {uuid}
        coinbase-key | Coinbase key | coinbase | {t64} {a16} {a32} {b86-88} {uuid}
        coinmarketcap-key | CoinMarketCap key | coinmarketcap | {uuid}
        confluent-access-key | Confluent key | confluent | {a16}
        confluent-secret | Confluent secret | confluent | {m64}
        contentful-delivery-token | Contentful token | contentful | {e43} {h64}
        convertkit-key | Kit key | convertkit | {t22} {t43}
        coveralls-token | Coveralls token | coveralls | {a32-37}
        crowdin-token | Crowdin token | crowdin | {h80} {h40} {h32}
        crowdstrike-secret | CrowdStrike secret | crowdstrike ~falcon | {a40} {h32}
        customerio-key | Customer.io key | customerio customer+io | {h20} {h32}
        cypress-record-key | Cypress key | cypress | {uuid}
        datadog-api-key | Datadog key | datadog ~dd | {l40} {h32}
        deepgram-key | Deepgram key | deepgram | {h40}
        deepl-key | DeepL key | deepl | {uuid}:fx {uuid}
        deepseek-key | DeepSeek key | deepseek | sk-{a32}
        dialpad-key | Dialpad key | dialpad | {a60-120}
        discord-bot-token | Discord token | discord | {t24-26}.{t6}.{t27-40}
        discord-client-id | Discord id | discord | {d17-19}
        discord-client-secret | Discord secret | discord | {e32} {h64}
        docusign-key | DocuSign key | docusign | {uuid}
        droneci-token | Drone token | droneci drone | {l32}
        dropbox-app-key | Dropbox key | dropbox | {l15}
        dropbox-long-lived-token | Dropbox token | dropbox | {l11}AAAAAAAAAA{e43} {t64}
        duo-secret | Duo secret | ~duo | {a40} DI{U18}
        ebay-key | eBay key | ebay | {t36-40} {a4-20}-{t20-50}
        elastic-api-key | Elastic key | elastic elasticsearch ~elk | {m40-80} {a24}
        etherscan-key | Etherscan key | etherscan bscscan polygonscan | {U34}
        etsy-key | Etsy key | etsy | {l24}
        eventbrite-token | Eventbrite token | eventbrite | {U20}
        exa-api-key | Exa key | ~exa | {uuid}
        facebook-app-secret | Facebook secret | facebook ~fb ~meta | {H32}
        fastly-token | Fastly token | fastly | {e32}
        finicity-client-secret | Finicity secret | finicity | {a20}
        finicity-key | Finicity key | finicity | {h32}
        finnhub-token | Finnhub token | finnhub | {a20} {a40}
        firebase-key | Firebase key | firebase fcm | {a40} AAAA{a7}:{t140}
        flickr-key | Flickr key | flickr | {l32} {l16}
        foursquare-secret | Foursquare secret | foursquare | {U48}
        freemius-secret-key | Freemius key | freemius | sk_{x29}
        freshbooks-token | FreshBooks token | freshbooks | {l64}
        freshdesk-key | Freshdesk key | freshdesk freshworks freshservice | {a20}
        gemfury-token | Gemfury token | gemfury fury | {t20-40}
        gitea-token | Gitea token | gitea forgejo codeberg | {h40}
        gitter-token | Gitter token | gitter | {t40}
        giphy-key | Giphy key | giphy | {a32}
        gocardless-token | GoCardless token | gocardless | live_{e40} sandbox_{e40}
        godaddy-key | GoDaddy key | godaddy | {t30-40} {t22}
        google-service-key | Google key | google gcp gcloud gemini recaptcha | {t40} {b24}
        greynoise-key | GreyNoise key | greynoise | {a64}
        gumroad-token | Gumroad token | gumroad | {t43} {h64}
        here-key | HERE key | heremaps ~here | {t43}
        heroku-legacy-key | Heroku key | heroku | {uuid}
        hetzner-token | Hetzner token | hetzner hcloud | {a64}
        hubspot-key | HubSpot key | hubspot hapikey | {uuid}
        hunter-key | Hunter key | hunterio ~hunter | {h40}
        ibm-cloud-key | IBM Cloud key | ibm bluemix watson | {t44}
        infura-key | Infura key | infura | {h32}
        intercom-key | Intercom key | intercom | {e60} {m40-64}
        ipinfo-token | IPinfo token | ipinfo | {h14}
        ipstack-key | ipstack key | ipstack | {h32}
        iterable-key | Iterable key | iterable | {h32}
        jenkins-token | Jenkins token | jenkins | 11{h32} {h32} {h34}
        jfrog-api-key | JFrog key | jfrog artifactory bintray xray | {a73}
        jfrog-identity-token | JFrog token | jfrog artifactory bintray xray | {a64}
        kraken-key | Kraken key | kraken | {m80-90} {m56}
        kucoin-access-key | KuCoin key | kucoin | {h24}
        kucoin-secret | KuCoin secret | kucoin | {uuid}
        lastfm-key | Last.fm key | lastfm | {h32}
        launchdarkly-token | LaunchDarkly token | launchdarkly | {e40}
        lemonsqueezy-key | Lemon Squeezy key | lemonsqueezy | {m60-1200}
        lightstep-token | Lightstep token | lightstep | {m80-110}
        line-token | LINE token | ~line | {m170-180} {t43} {h32}
        linear-client-secret | Linear secret | ~linear | {h32}
        linkedin-client-id | LinkedIn id | linkedin | {l14}
        linkedin-client-secret | LinkedIn secret | linkedin | {a16}
        linode-token | Linode token | linode | {h64}
        lob-api-key | Lob key | lob | test_{H35} live_{H35}
        lob-publishable-key | Lob key | lob | test_pub_{h31} live_pub_{h31}
        loggly-token | Loggly token | loggly | {uuid}
        logzio-token | Logz.io token | logzio logz | {a32} {uuid}
        lokalise-token | Lokalise token | lokalise | {h40}
        looker-client-id | Looker id | looker | {l20}
        looker-client-secret | Looker secret | looker | {l24}
        mailgun-signing-key | Mailgun key | mailgun | {H32}-{H8}-{H8}
        mailjet-key | Mailjet key | mailjet | {h32}
        mapquest-key | MapQuest key | mapquest | {a32}
        mattermost-token | Mattermost token | mattermost | {l26}
        maxmind-license-key | MaxMind key | maxmind geoip | {a6}_{a29}_mmk {a16}
        messagebird-client-id | MessageBird id | messagebird ~message+bird | {uuid}
        messagebird-token | MessageBird token | messagebird ~message+bird | {l25}
        mistral-key | Mistral key | mistral | {a32}
        mixpanel-secret | Mixpanel secret | mixpanel | {h32}
        mollie-key | Mollie key | mollie | live_{a30} test_{a30}
        monday-token | monday.com token | mondaycom ~monday | {m40-500}
        mongodb-atlas-key | MongoDB Atlas key | mongodb ~atlas | {uuid}
        moralis-key | Moralis key | moralis | {a64}
        mux-secret | Mux secret | ~mux | {b75}
        netlify-legacy-token | Netlify token | netlify | {e40-46} {t64}
        new-relic-api-key | New Relic key | new+relic | {a64} {h40} {uuid}
        newsapi-key | News API key | newsapi | {h32}
        ngrok-token | ngrok token | ngrok | {a27}_{a21} {a43}
        npm-legacy-token | npm token | npm | {uuid}
        nylas-key | Nylas key | nylas | {a30} nyk_v0_{a64}
        nytimes-key | New York Times key | nytimes new+york+times newyorktimes | {e32}
        okta-token | Okta token | okta | 00{e40}
        onelogin-secret | OneLogin secret | onelogin | {h64}
        opsgenie-key | Opsgenie key | opsgenie | {uuid}
        optimizely-key | Optimizely key | optimizely | {t54} {m40-70}
        oracle-cloud-key | Oracle Cloud key | ~oci oraclecloud | {m28}
        ovh-key | OVH key | ~ovh | {a32} {a16}
        packagecloud-token | packagecloud token | packagecloud | {h48}
        pagerduty-key | PagerDuty key | pagerduty ~pd | {m20} {h32} u+{m18}
        papertrail-token | Papertrail token | papertrail | {a20-22} {a71}
        paypal-secret | PayPal secret | paypal | E{t79} A{t79} {t80}
        paystack-key | Paystack key | paystack | sk_live_{a40} sk_test_{a40}
        percy-token | Percy token | percy | {h64}
        pexels-key | Pexels key | pexels | {a56}
        pipedrive-token | Pipedrive token | pipedrive | {h40}
        plaid-client-id | Plaid id | plaid | {a24}
        plaid-secret | Plaid secret | plaid | {a30}
        plivo-token | Plivo token | plivo | {a40} MA{U18}
        polygon-key | Polygon key | polygonio | {t32}
        postmark-token | Postmark token | postmark | {uuid}
        privateai-key | Private AI key | private+ai | {l32}
        pusher-secret | Pusher secret | pusher | {h20}
        qualtrics-token | Qualtrics token | qualtrics | {a40}
        quay-token | Quay token | ~quay | {U64} {a40}
        rapidapi-access-token | RapidAPI key | rapidapi rapid+api | {t50}
        raygun-key | Raygun key | raygun | {b22-24}
        recurly-key | Recurly key | recurly | {h32}
        reddit-secret | Reddit secret | reddit | {t27} {t30} {t14} {t22}
        ringcentral-secret | RingCentral secret | ringcentral | {t22}
        rollbar-token | Rollbar token | rollbar | {h32}
        salesforce-secret | Salesforce secret | salesforce sfdc | {H64} {s85} {d19}
        saucelabs-key | Sauce Labs key | sauce+labs ~sauce | {uuid}
        scaleway-secret-key | Scaleway secret | scaleway ~scw | {uuid}
        scrapingbee-key | ScrapingBee key | scrapingbee | {U80}
        segment-write-key | Segment key | ~segment | {a32}
        semaphore-token | Semaphore token | semaphoreci ~semaphore | {a20}
        sendbird-id | Sendbird id | sendbird | {uuid}
        sendbird-token | Sendbird token | sendbird | {h40}
        sentry-access-token | Sentry token | sentry | {h64}
        serpapi-key | SerpApi key | serpapi serper | {h64} {h40}
        shodan-key | Shodan key | shodan | {a32}
        shortcut-token | Shortcut token | ~shortcut clubhouse | {uuid}
        sidekiq-credentials | Sidekiq credentials | bundle_enterprise__contribsys__com bundle_gems__contribsys__com | {h8}:{h8}
        sinch-token | Sinch token | sinch | {h32}
        smartsheet-token | Smartsheet token | smartsheet | {a37} {l26}
        snowflake-secret | Snowflake secret | snowflake | {b44} {a43}
        snyk-token | Snyk token | snyk | {uuid}
        sonar-legacy-token | Sonar token | sonar sonarqube sonarcloud | {e40}
        soundcloud-secret | SoundCloud secret | soundcloud | {a32}
        sourcegraph-legacy-token | Sourcegraph token | sourcegraph | {H40}
        sparkpost-key | SparkPost key | sparkpost | {h40}
        split-key | Split key | splitio ~split | {l52}
        splunk-token | Splunk token | splunk ~hec | {uuid}
        spotify-secret | Spotify secret | spotify | {h32}
        squarespace-token | Squarespace token | squarespace | {uuid}
        statuspage-key | Statuspage key | statuspage | {uuid} {h64}
        strava-secret | Strava secret | strava | {h40}
        streamio-secret | Stream secret | getstream ~stream | {l64}
        stytch-secret | Stytch secret | stytch | secret-live-{t36} secret-test-{t36}
        sumologic-access-id | Sumo Logic id | sumo | su{a12}
        sumologic-access-key | Sumo Logic key | sumo | {a64}
        surveymonkey-token | SurveyMonkey token | surveymonkey | {s60-150}
        teamcity-token | TeamCity token | teamcity | eyJ0eXAiOiAiVENWMiJ9.{m20-100}.{m30-80}
        telegram-token | Telegram token | telegram ~tg | {d5-16}:{t30-36}
        tencent-secret-key | Tencent Cloud secret | tencent | {a32}
        tiktok-secret | TikTok secret | tiktok | {h40} {a32}
        todoist-token | Todoist token | todoist | {h40}
        tomtom-key | TomTom key | tomtom | {a32}
        transifex-token | Transifex token | transifex | 1/{h40} {h40}
        travisci-token | Travis CI token | travis | {a22} {a20}
        trello-key | Trello key | trello | {a32} {h64}
        tumblr-key | Tumblr key | tumblr | {a50}
        twilio-auth-token | Twilio token | twilio | {h32}
        twitch-token | Twitch token | twitch | {l30} oauth:{l30}
        twitter-access-token | Twitter token | twitter | {d15-25}-{a20-40}
        twitter-api-key | Twitter key | twitter | {a25}
        twitter-api-secret | Twitter secret | twitter | {a50} {a45}
        twitter-bearer-token | Twitter token | twitter | A{x80-120}
        unsplash-key | Unsplash key | unsplash | {t43} {h64}
        upstash-token | Upstash token | upstash | {e40-120}
        uptimerobot-key | UptimeRobot key | uptimerobot uptime+robot | u{d5-9}-{h24} m{d6-10}-{h24}
        vercel-legacy-token | Vercel token | vercel ~zeit | {a24}
        virustotal-key | VirusTotal key | virustotal virus+total ~vt | {h64}
        vonage-secret | Vonage secret | vonage nexmo | {a16} {h8}
        vultr-key | Vultr key | vultr | {U36}
        wakatime-key | WakaTime key | wakatime | waka_{uuid} {uuid}
        weatherapi-key | Weather key | openweather openweathermap weatherapi weatherstack | {h32} {h30} {h31}
        webex-token | Webex token | webex | {t64}_{t4}_{uuid} {a64}
        webflow-token | Webflow token | webflow | {h64}
        weights-and-biases-key | Weights & Biases key | wandb | {h40}
        wise-token | Wise token | transferwise ~wise | {uuid}
        workato-token | Workato token | workato | {h64} {m40-64}
        wrike-token | Wrike token | wrike | {m60-400}
        yelp-key | Yelp key | yelp | {t128}
        youtube-key | YouTube key | youtube | {t39}
        zapier-key | Zapier key | zapier | {a32-64}
        zendesk-secret | Zendesk secret | zendesk | {a40}
        zeplin-token | Zeplin token | zeplin | {m60-400}
        zerotier-token | ZeroTier token | zerotier | {a32}
        zhipu-key | Zhipu key | zhipu zhipuai bigmodel | {h32}.{a16}
        zoom-secret | Zoom secret | ~zoom | {a32} {t22}
        """#
}
