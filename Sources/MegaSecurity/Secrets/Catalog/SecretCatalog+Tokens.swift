// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension SecretCatalog {
    /// Tokens that show by themselves what they are. A line: type | title | patterns (see `TokenPattern`) | least entropy in bits a character.
    /// The formats are those the vendors document or write into every key they issue.
    static let tokenLines = #"""
        1password-service-account-token | 1Password token | ops_eyJ{m60-2000}
        1password-secret-key | 1Password secret key | A3-{U6}-{U11}-{U5}-{U5}-{U5} A3-{U6}-{U6}-{U5}-{U5}-{U5}-{U5}
        adafruit-io-key | Adafruit IO key | aio_{a28}
        age-secret-key | age key | AGE-SECRET-KEY-1{U58} | 0
        airtable-personal-access-token | Airtable token | pat{a14}.{h64}
        aiven-service-password | Aiven password | AVNS_{t19-40}
        alibaba-access-key-id | Alibaba Cloud key id | LTAI{a12-24}
        amazon-mws-token | Amazon MWS token | amzn.mws.{uuid}
        amazon-oauth-client-secret | Amazon client secret | amzn1.oa2-cs.v1.{h64}
        amazon-refresh-token | Amazon refresh token | Atzr|{m60-1000}
        anthropic-admin-key | Anthropic admin key | sk-ant-admin01-{t20-300}
        anthropic-api-key | Anthropic key | sk-ant-api03-{t20-300} sk-ant-{t20-300}
        apify-api-token | Apify token | apify_api_{a30-48}
        artifactory-api-key | Artifactory key | AKCp{a60-80}
        artifactory-reference-token | Artifactory reference token | cmVmdGtuO{a50-60} cmVmd{a59}
        atlassian-api-token | Atlassian token | ATATT3{e160-300} ATCTT3{e160-300} ATOATT3{e100-300}
        authress-access-key | Authress key | sc_{a5-30}.{a4-6}.acc_{t10-32}.{m30-120} ext_{a5-30}.{a4-6}.acc_{t10-32}.{m30-120} scauth_{a5-30}.{a4-6}.acc_{t10-32}.{m30-120} authress_{a5-30}.{a4-6}.acc_{t10-32}.{m30-120} sc_{a5-30}.{a4-6}.acc-{t10-32}.{m30-120}
        aws-access-key-id | AWS key id | AKIA{U16} ASIA{U16} ABIA{U16} ACCA{U16} A3T{U17}
        aws-bedrock-api-key | AWS Bedrock key | ABSKQmVkcm9ja0FQSUtleS{m80-260} ABSK{b109-270}
        aws-bedrock-session-key | AWS Bedrock key | bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{m0-2000} | 0
        aws-mwaa-token | AWS session token | FwoGZXIvYXdz{b100-2000} IQoJb3JpZ2luX2Vj{b100-2000}
        axiom-token | Axiom token | xaat-{uuid} xapt-{uuid}
        azure-ad-client-secret | Azure AD client secret | {x3}{d1}Q~{x31-34}
        azure-cognitive-search-key | Azure search key | {a42}AzSe{a6}
        azure-container-registry-key | Azure registry password | {m42}+ACR{a6}
        azure-cosmos-key | Azure Cosmos key | {b76}ACDb{b5-8}
        azure-devops-token | Azure DevOps token | {a76}AZDO{a4}
        azure-event-hub-key | Azure Event Hubs key | {b33}+AEh{b5-8}
        azure-functions-key | Azure Functions key | {t44}AzFu{e5-8}
        azure-service-bus-key | Azure Service Bus key | {b33}+ASb{b5-8}
        azure-storage-key | Azure storage key | {b76}+ASt{b5-8}
        bitbucket-app-password | Bitbucket app password | ATBB{a32}
        braintree-access-token | Braintree token | access_token$production${l16}${h32} access_token$sandbox${l16}${h32}
        brevo-api-key | Brevo key | xkeysib-{h64}-{a16}
        brevo-smtp-key | Brevo SMTP key | xsmtpsib-{h64}-{a16}
        browserbase-api-key | Browserbase key | bb_live_{t24-40}
        buildkite-token | Buildkite token | bkua_{h40} bkaj_{h40} bkct_{a40-64}
        cerebras-api-key | Cerebras key | csk-{l48}
        checkly-api-key | Checkly key | cu_{h32}
        checkout-secret-key | Checkout.com key | sk_{uuid} sk_test_{uuid} sk_sbox_{l27}
        circleci-token | CircleCI token | CCIPAT_{a22}_{h40} CCIPRJ_{a22}_{h40}
        clarifai-key | Clarifai key | clf_{h32}
        clickhouse-cloud-secret | ClickHouse Cloud secret | 4b1d{a38}
        clickup-api-token | ClickUp token | pk_{d6-9}_{U32}
        clojars-token | Clojars token | CLOJARS_{l60}
        cloudflare-origin-ca-key | Cloudflare origin key | v1.0-{h24}-{h146}
        cockroach-api-key | CockroachDB key | CCDB1_{a22}_{a40}
        coderabbit-api-key | CodeRabbit key | cr-{h58}
        contentful-personal-token | Contentful token | CFPAT-{t43}
        crates-io-token | crates.io token | cio{a32}
        databricks-token | Databricks token | dapi{h32} dapi{h32}-{d1} dose{h32} dkea{h32}
        defined-networking-token | Defined Networking token | dnkey-{e26}-{e52}
        deno-deploy-token | Deno Deploy token | ddp_{a36} ddo_{a36} ddw_{a36}
        digitalocean-oauth-token | DigitalOcean token | doo_v1_{h64}
        digitalocean-refresh-token | DigitalOcean refresh token | dor_v1_{h64}
        digitalocean-token | DigitalOcean token | dop_v1_{h64}
        digitalocean-spaces-key | DigitalOcean Spaces key | DO00{U16} DO801{U15}
        docker-access-token | Docker token | dckr_pat_{t27} dckr_oat_{t32}
        doppler-token | Doppler token | dp.pt.{a40-44} dp.ct.{a40-44} dp.sa.{a40-44} dp.scim.{a40-44} dp.audit.{a40-44} dp.st.{a40-44} dp.st.{s2-35}.{a40-44}
        dropbox-token | Dropbox token | sl.{t130-1400} sl.u.{t130-1400}
        duffel-token | Duffel token | duffel_test_{e43} duffel_live_{e43}
        dynatrace-token | Dynatrace token | dt0c01.{a24}.{a64} dt0s01.{a8-24}.{a64} dt0s02.{a8-24}.{a64} dt0s16.{a8-24}.{a64}
        e2b-api-key | E2B key | e2b_{h40}
        easypost-api-key | EasyPost key | EZAK{a54}
        easypost-test-key | EasyPost test key | EZTK{a54}
        elevenlabs-api-key | ElevenLabs key | sk_{h48}
        exoscale-api-key | Exoscale key | EXO{h24}
        facebook-app-token | Facebook app token | {d15-16}|{t27}
        facebook-access-token | Facebook token | EAAM{a80-500} EAAC{a80-500} EAAA{a80-500} EAAB{a80-500} EAAD{a80-500} EAAE{a80-500} EAAF{a80-500} EAAG{a80-500} EAAH{a80-500} EAAI{a80-500} EAAJ{a80-500} EAAK{a80-500} EAAL{a80-500}
        figma-token | Figma token | figd_{t40-45} figo_{t40-45} figu_{t40-45} figor_{t40-45} figoh_{t40-45}
        firecrawl-api-key | Firecrawl key | fc-{h32}
        fireworks-api-key | Fireworks key | fw_{a22-24}
        flutterwave-encryption-key | Flutterwave encryption key | FLWSECK_TEST-{h12} FLWSECK-{h12}
        flutterwave-public-key | Flutterwave public key | FLWPUBK_TEST-{h32}-X FLWPUBK-{h32}-X
        flutterwave-secret-key | Flutterwave key | FLWSECK_TEST-{h32}-X FLWSECK-{h32}-X
        flyio-access-token | Fly.io token | fo1_{t43} fm1a_{m80-1000} fm1r_{m80-1000} fm1_{m80-1000} fm2_{m80-1000}
        frameio-token | Frame.io token | fio-u-{e64}
        gitbook-token | GitBook token | gb_api_{a40}
        github-app-token | GitHub app token | ghs_{a36-255} ghu_{a36-255}
        github-fine-grained-token | GitHub token | github_pat_{w40-255}
        github-oauth-token | GitHub token | gho_{a36-255}
        github-personal-token | GitHub token | ghp_{a36-255}
        github-refresh-token | GitHub refresh token | ghr_{a36-255}
        gitlab-cicd-job-token | GitLab token | glcbt-{a1-5}_{t20}
        gitlab-deploy-token | GitLab token | gldt-{t20-64}
        gitlab-feature-flag-token | GitLab token | glffct-{t20-64}
        gitlab-feed-token | GitLab token | glft-{t20-70}
        gitlab-incoming-mail-token | GitLab token | glimt-{t20-64}
        gitlab-kubernetes-agent-token | GitLab token | glagent-{t50-64}
        gitlab-oauth-secret | GitLab token | gloas-{t64}
        gitlab-personal-token | GitLab token | glpat-{t20-64} glpat-{t27-300}.{l2}.{l7-9} glpat-{t27-300}.{l9}
        gitlab-pipeline-trigger-token | GitLab token | glptt-{h40} glptt-{t20-64}
        gitlab-runner-registration-token | GitLab token | GR1348941{t20}
        gitlab-runner-token | GitLab token | glrt-{t20-64} glrtr-{t20-64} glrt-{t27-300}.{l2}.{l7-9} glrt-{t27-300}.{l9}
        gitlab-scim-token | GitLab token | glsoat-{t20-64}
        gitlab-session-cookie | GitLab session | _gitlab_session={a32}
        gitlab-workspace-token | GitLab token | glwt-{t20-64}
        google-api-key | Google key | AIza{t35}
        google-oauth-access-token | Google token | ya29.{s20-1000}
        google-oauth-client-secret | Google secret | GOCSPX-{t28}
        google-refresh-token | Google refresh token | 1//0{t40-200}
        grafana-api-key | Grafana key | eyJrIjoi{m60-400}
        grafana-cloud-token | Grafana Cloud token | glc_{m32-400}
        grafana-service-account-token | Grafana token | glsa_{a32}_{H8}
        groq-api-key | Groq key | gsk_{a40-100}
        harness-token | Harness token | pat.{t22}.{l24}.{a20} sat.{t22}.{l24}.{a20}
        helicone-api-key | Helicone key | sk-helicone-{t20-60}
        heroku-api-key | Heroku key | HRKU-{t36-70}
        honeycomb-api-key | Honeycomb key | hcaik_{l58} hcxik_{l58} hcalk_{l58} hcxlk_{l58} hcbik_{l58}
        hubspot-token | HubSpot token | pat-na1-{uuid} pat-na2-{uuid} pat-eu1-{uuid} pat-ap1-{uuid}
        huggingface-organization-token | Hugging Face token | api_org_{a34}
        huggingface-token | Hugging Face token | hf_{a30-64}
        infisical-token | Infisical token | st.{h24}.{h32}.{h32}
        infracost-api-key | Infracost key | ico-{a32}
        instagram-token | Instagram token | IGQV{t80-300} IGQW{t80-300} IGAA{t80-300}
        intra42-secret | Intra 42 secret | s-s4t2ud-{h64} s-s4t2af-{h64}
        jetbrains-token | JetBrains token | perm:{e20-80}.{e10-80}.{e20-80} perm-{e20-80}.{e10-80}.{e20-80}
        jina-api-key | Jina key | jina_{t60}
        klaviyo-api-key | Klaviyo key | pk_{h34}
        langchain-api-key | LangSmith key | lsv2_pt_{h32}_{h10} lsv2_sk_{h32}_{h10} ls__{h32}
        langfuse-secret-key | Langfuse key | sk-lf-{uuid}
        launchdarkly-key | LaunchDarkly key | sdk-{uuid} mob-{uuid} api-{uuid}
        linear-api-key | Linear key | lin_api_{a32-64}
        linear-oauth-token | Linear token | lin_oauth_{h64} lin_wh_{a20-64}
        localstack-token | LocalStack token | ls-{a4-8}-{a4}-{a4}-{a4}-{a4-12}
        mailchimp-api-key | Mailchimp key | {h32}-us{d1-2}
        mailersend-token | MailerSend token | mlsn.{h64}
        mailgun-api-key | Mailgun key | key-{h32}
        mailgun-public-key | Mailgun public key | pubkey-{h32}
        mandrill-api-key | Mandrill key | md-{t22}
        mapbox-token | Mapbox token | pk.{a60}.{a22} sk.{a60}.{a22} pk.eyJ{t40-200}.{t22} sk.eyJ{t40-200}.{t22} tk.eyJ{t40-200}.{t22}
        mercury-api-token | Mercury token | secret-token:mercury_{s20-100}
        meta-threads-token | Threads token | THAA{a80-300}
        neon-api-key | Neon key | napi_{l64} npg_{a12-24}
        netlify-token | Netlify token | nfp_{a36-40} nfc_{a36-40} nfo_{a36-40} nfu_{a36-40}
        new-relic-browser-key | New Relic browser key | NRJS-{h19}
        new-relic-ingest-key | New Relic ingest key | NRII-{t32} {h36}NRAL
        new-relic-user-key | New Relic key | NRAK-{a27} NRRA-{h42} NRBR-{a20-30}
        nightfall-api-key | Nightfall key | NF-{a32}
        notion-token | Notion token | ntn_{d11}{a35} ntn_{a40-60} secret_{a43}
        npm-token | npm token | npm_{a36}
        nuget-api-key | NuGet key | oy2{l43}
        nvidia-api-key | NVIDIA key | nvapi-{t60-70}
        octopus-deploy-key | Octopus Deploy key | API-{U26}
        onesignal-key | OneSignal key | os_v2_app_{l60-120} os_v2_org_{l60-120}
        openai-api-key | OpenAI key | sk-proj-{t20-300} sk-svcacct-{t20-300} sk-admin-{t20-300} sk-None-{t20-300} sk-{a20}T3BlbkFJ{a20}
        openai-session-key | OpenAI session key | sess-{a40}
        openrouter-api-key | OpenRouter key | sk-or-v1-{h32-128}
        openshift-token | OpenShift token | sha256~{t43}
        paddle-api-key | Paddle key | pdl_live_apikey_{a26}_{a22}_{a3} pdl_sdbx_apikey_{a26}_{a22}_{a3} pdl_ntfset_{a26}_{m20-60}
        perplexity-api-key | Perplexity key | pplx-{a40-100}
        phrase-token | PhraseApp token | phrs_{a40-64}
        pinecone-api-key | Pinecone key | pcsk_{w40-90}
        pinterest-token | Pinterest token | pina_{a32-200}
        plaid-access-token | Plaid token | access-sandbox-{uuid} access-development-{uuid} access-production-{uuid}
        planetscale-oauth-token | PlanetScale token | pscale_oauth_{s32-64} pscale_oauth_{e32-64}
        planetscale-password | PlanetScale password | pscale_pw_{e32-64} pscale_pw_{s32-64}
        planetscale-token | PlanetScale token | pscale_tkn_{e32-64} pscale_tkn_{s32-64}
        polar-token | Polar token | polar_pat_{a40-60} polar_oat_{a40-60}
        posthog-key | PostHog key | phc_{a43} phx_{a43-48} phs_{a43-48}
        postman-api-key | Postman key | PMAK-{h24}-{h34}
        prefect-api-key | Prefect key | pnu_{a36} pnb_{a36}
        pubnub-secret-key | PubNub key | sec-c-{m48}
        pulumi-token | Pulumi token | pul-{h40}
        pypi-token | PyPI token | pypi-{t50-1000} pypi-AgEIcHlwaS5vcmc{t40-1000} pypi-AgENdGVzdC5weXBpLm9yZw{t40-1000}
        rapidapi-key | RapidAPI key | {a10}msh{a15}p1{a6}jsn{a12}
        razorpay-key | Razorpay key | rzp_live_{a14-24} rzp_test_{a14-24}
        readme-api-key | ReadMe key | rdme_{l70}
        render-api-key | Render key | rnd_{a32}
        replicate-token | Replicate token | r8_{a37-60}
        resend-api-key | Resend key | re_{a8}_{a24}
        rootly-token | Rootly token | rootly_{h64}
        rubygems-key | RubyGems key | rubygems_{h48}
        salesforce-session | Salesforce session | 00D{a12}!{s80-200} 00D{a15}!{s80-200}
        samsara-token | Samsara token | samsara_api_{a30} samsara_dashboard_{a30}
        sanity-token | Sanity token | sk{a150-200}
        scaleway-access-key | Scaleway key | SCW{U17}
        scalingo-token | Scalingo token | tk-us-{t48}
        sendgrid-api-key | SendGrid key | SG.{t20-24}.{t39-50} SG.{e66}
        sentry-org-token | Sentry token | sntrys_{m40-400}
        sentry-user-token | Sentry token | sntryu_{h64}
        settlemint-application-token | SettleMint token | sm_aat_{a16}
        settlemint-personal-token | SettleMint token | sm_pat_{a16}
        settlemint-service-token | SettleMint token | sm_sat_{a16}
        shippo-token | Shippo token | shippo_live_{h40} shippo_test_{h40}
        shopify-access-token | Shopify token | shpat_{H32} shptka_{H32}
        shopify-custom-app-token | Shopify token | shpca_{H32}
        shopify-private-app-token | Shopify token | shppa_{H32}
        shopify-shared-secret | Shopify secret | shpss_{H32}
        shopify-partner-token | Shopify token | prtapi_{H32} shpit_{H32} shpcp_{H32}
        slack-app-token | Slack token | xapp-{d1}-{U5-20}-{d5-20}-{l20-90}
        slack-bot-token | Slack token | xoxb-{d6-16}-{d6-16}-{t20-60} xoxb-{t20-255}
        slack-configuration-token | Slack token | xoxe.xoxp-{d1}-{a100-300} xoxe.xoxb-{d1}-{a100-300} xoxe-{d1}-{a100-300} xoxe-{d6-16}-{t20-255}
        slack-legacy-bot-token | Slack token | xoxb-{d8-14}-{a18-26}
        slack-legacy-token | Slack token | xoxo-{t20-255} xoxs-{t20-255} xoxd-{m40-400} xoxc-{t20-255}
        slack-workspace-token | Slack token | xoxa-{t12-255} xoxr-{t12-255}
        slack-user-token | Slack token | xoxp-{t20-255}
        sonar-token | SonarQube token | sqp_{h40} squ_{h40} sqa_{h40}
        sourcegraph-token | Sourcegraph token | sgp_{H16}_{H40} sgp_local_{H40} sgp_{H40} slk_{H64} sgd_{H64}
        spacelift-key | Spacelift key | slft_{m40-400}
        square-access-token | Square token | EAAA{t56-60} sq0atp-{t22-60}
        square-oauth-secret | Square secret | sq0csp-{x43} sq0csp-{t43-60} sq0csp-{e43}
        squarespace-partner-key | Squarespace key | sqsp_{a32-64}
        statsig-key | Statsig key | secret-{a43} console-{a43}
        storyblok-token | Storyblok token | sb_pat_{a40}
        stripe-restricted-key | Stripe key | rk_live_{a10-256} rk_test_{a10-256} rk_prod_{a10-256}
        stripe-secret-key | Stripe key | sk_live_{a10-256} sk_test_{a10-256} sk_prod_{a10-256}
        stripe-webhook-secret | Stripe secret | whsec_{m24-256}
        supabase-secret-key | Supabase key | sb_secret_{t20-64}
        supabase-token | Supabase token | sbp_{h40} sbp_oauth_{h40}
        tailscale-key | Tailscale key | tskey-api-{a5-20}-{a20-48} tskey-auth-{a5-20}-{a20-48} tskey-client-{a5-20}-{a20-48} tskey-scim-{a5-20}-{a20-48} tskey-webhook-{a5-20}-{a20-48} tskey-{t20-100}
        tavily-api-key | Tavily key | tvly-{t24-60}
        telegram-bot-token | Telegram bot token | {d5-16}:A{t34}
        telnyx-api-key | Telnyx key | KEY0{U30}_{a22} KEY0{U28}{w23}
        tencent-secret-id | Tencent Cloud secret id | AKID{a32-44}
        terraform-cloud-token | Terraform Cloud token | {a14}.atlasv1.{e60-70}
        thunderstore-token | Thunderstore token | tss_{m30-60}
        together-api-key | Together key | tgp_v1_{t43}
        trello-token | Trello token | ATTA{h64}{H8} ATTA{h64}
        trigger-dev-key | Trigger.dev key | tr_dev_{a20-40} tr_prod_{a20-40} tr_stg_{a20-40} tr_pat_{a40}
        twilio-account-sid | Twilio account id | AC{h32} | 3
        twilio-api-key | Twilio key | SK{h32} | 3
        typeform-token | Typeform token | tfp_{s59} tfp_{e59} tfp_{s40-64}
        unkey-token | Unkey token | unkey_{a22-40}
        upcloud-token | UpCloud token | ucat_{U26}
        vault-batch-token | Vault token | hvb.{t100-300}
        vault-recovery-token | Vault token | hvr.{t24-300}
        vault-service-token | Vault token | hvs.{t24-300}
        vercel-token | Vercel token | vcp_{a56} vck_{a56} vca_{a56} vci_{a56} vercel_blob_rw_{a16}_{a30}
        voyage-api-key | Voyage key | pa-{t43}
        woocommerce-key | WooCommerce key | ck_{h40} cs_{h40}
        xai-api-key | xAI key | xai-{a40-128}
        yandex-api-key | Yandex key | AQVN{t35-38}
        yandex-iam-token | Yandex token | t1.{e8-200}.{e80-90} t1.{e8-200}.{e60-90}
        yandex-oauth-token | Yandex token | y0_{t40-70}
        yandex-static-key | Yandex key | YCAJE{t20-38} YC{t38}
        zoho-token | Zoho token | 1000.{h32}.{h32}
        zuplo-key | Zuplo key | zpka_{h32}_{h8}
        api-key | API key | sk-{a32-300} | 3.3
        api-key-with-environment | API key | sk_live-{t24-200} pk_live_{a20-200} key_live_{a16-64} sk-{t40-200} | 3.6
        """#
}
