using System.Text.RegularExpressions;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Secrets;

/// <summary>
/// Kinds of secrets, by the shapes that their makers document. The regular expressions run without backtracking, so no text can
/// make one slow.
/// </summary>
internal static class SecretRules
{
    // What may stand before and after a token, so that a part of a longer word is none.
    private const string Before = "(?:^|[^A-Za-z0-9_-])";
    private const string After = "(?:$|[^A-Za-z0-9_-])";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const double Some = 3;
    private const double Much = 3.5;

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        // Clouds
        Token(
            "aws-access-key",
            "An access key of AWS",
            "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
            Some,
            "akia",
            "asia",
            "abia",
            "acca"
        ),
        Named(
            "aws-secret-key",
            "A secret key of AWS",
            "aws.{0,20}(?:secret|sk|key)",
            "[A-Za-z0-9/+]{40}",
            (4, ["aws"])
        ),
        Token("gcp-api-key", "An API key of Google Cloud", "AIza[0-9A-Za-z_-]{35}", Some, "aiza"),
        Token("gcp-oauth-secret", "A client secret of Google's OAuth", "GOCSPX-[0-9A-Za-z_-]{28}", Some, "gocspx-"),
        Token("azure-storage-key", "A key of Azure Storage", "AccountKey=[A-Za-z0-9/+]{86}==", Much, "accountkey="),
        Token(
            "azure-ad-secret",
            "A client secret of Microsoft Entra",
            "[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}",
            Some,
            "q~"
        ),
        Token("azure-sas", "A signature that opens Azure Storage", "sig=[A-Za-z0-9%/+]{43,60}(?:%3D|=)", Much, "sig="),
        Token("alibaba-access-key", "An access key of Alibaba Cloud", "LTAI[A-Za-z0-9]{20}", Some, "ltai"),
        Token(
            "digitalocean-token",
            "A token of DigitalOcean",
            "do[opr]_v1_[a-f0-9]{64}",
            Some,
            "doo_v1_",
            "dop_v1_",
            "dor_v1_"
        ),
        Token("heroku-key", "A key of Heroku", "HRKU-[A-Za-z0-9_-]{36,64}", Some, "hrku-"),
        Token("hetzner-token", "A token of Hetzner Cloud", "hcloud_[A-Za-z0-9]{57,64}", Some, "hcloud_"),
        Token(
            "flyio-token",
            "A token of Fly.io",
            "(?:fo1_[A-Za-z0-9_-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,})",
            Some,
            "fo1_",
            "fm1",
            "fm2"
        ),
        Token(
            "vercel-token",
            "A token of Vercel",
            "(?:vcp|vci|vca|vcr|vck)_[A-Za-z0-9]{24,64}",
            Some,
            "vcp_",
            "vci_",
            "vca_",
            "vcr_",
            "vck_"
        ),
        Token(
            "netlify-token",
            "A token of Netlify",
            "nf[pcoub]_[A-Za-z0-9]{36,40}",
            Some,
            "nfp_",
            "nfc_",
            "nfo_",
            "nfu_",
            "nfb_"
        ),
        Token(
            "cloudflare-ca-key",
            "A key of Cloudflare's origin authority",
            "v1[.]0-[a-f0-9]{24}-[a-f0-9]{146}",
            Some,
            "v1.0-"
        ),
        Named(
            "cloudflare-token",
            "A token of Cloudflare",
            "cloudflare.{0,20}(?:token|key)",
            "[A-Za-z0-9_-]{37,40}",
            (Much, ["cloudflare"])
        ),
        Token(
            "planetscale-token",
            "A token of PlanetScale",
            "pscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,64}",
            Some,
            "pscale_"
        ),
        Token(
            "supabase-token",
            "A token of Supabase",
            "(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{31,36})",
            Some,
            "sbp_",
            "sb_secret_"
        ),
        Token("neon-key", "A key of Neon", "napi_[a-z0-9]{64}", Some, "napi_"),
        // Code, packages and pipelines
        Token(
            "github-token",
            "A token of GitHub",
            "gh[pousr]_[A-Za-z0-9]{36,255}",
            Some,
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_"
        ),
        Token(
            "github-fine-grained",
            "A fine-grained token of GitHub",
            "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
            Some,
            "github_pat_"
        ),
        Token(
            "gitlab-token",
            "A token of GitLab",
            "gl(?:pat|dt|ptt|soat|rt|cbt|agent|imt|ft|oas|feat)-[A-Za-z0-9_=-]{20,64}",
            Some,
            "glpat-",
            "gldt-",
            "glptt-",
            "glsoat-",
            "glrt-",
            "glcbt-",
            "glagent-",
            "glimt-",
            "glft-",
            "gloas-",
            "glfeat-"
        ),
        Token(
            "gitlab-runner",
            "A registration token of GitLab's runners",
            "GR1348941[A-Za-z0-9_-]{20}",
            Some,
            "gr1348941"
        ),
        Token("bitbucket-token", "An app password of Bitbucket", "ATBB[A-Za-z0-9]{32}", Some, "atbb"),
        Token("atlassian-token", "A token of Atlassian", "ATATT3[A-Za-z0-9_=-]{180,220}", Some, "atatt3"),
        Token("npm-token", "A token of npm", "npm_[A-Za-z0-9]{36}", Some, "npm_"),
        Token(
            "pypi-token",
            "A token of PyPI",
            "pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,1000}",
            Some,
            "pypi-ageichlwas5vcmc"
        ),
        Token("nuget-key", "A key of NuGet", "oy2[a-z0-9]{43}", Much, "oy2"),
        Token("rubygems-key", "A key of RubyGems", "rubygems_[a-f0-9]{48}", Some, "rubygems_"),
        Token("crates-token", "A token of crates.io", "cio[A-Za-z0-9]{32}", Much, "cio"),
        Token("docker-token", "A token of Docker Hub", "dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,40}", Some, "dckr_"),
        Token(
            "circleci-token",
            "A token of CircleCI",
            "CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}",
            Some,
            "ccipat_",
            "cciprj_"
        ),
        Token(
            "buildkite-token",
            "A token of Buildkite",
            "bk(?:ua|aj|ct|r|i)_[a-f0-9]{40}",
            Some,
            "bkua_",
            "bkaj_",
            "bkct_"
        ),
        Token(
            "terraform-token",
            "A token of HCP Terraform",
            "[A-Za-z0-9]{14}[.]atlasv1[.][A-Za-z0-9_=-]{60,70}",
            Some,
            ".atlasv1."
        ),
        Token("pulumi-token", "A token of Pulumi", "pul-[a-f0-9]{40}", Some, "pul-"),
        Token("vault-token", "A token of Vault", "hv[sbr][.][A-Za-z0-9_-]{24,200}", Some, "hvs.", "hvb.", "hvr."),
        Token(
            "doppler-token",
            "A token of Doppler",
            "dp[.](?:pt|st|ct|sa|scim|audit)[.](?:[a-z0-9_-]{2,35}[.])?[A-Za-z0-9]{40,44}",
            Some,
            "dp.pt.",
            "dp.st.",
            "dp.ct.",
            "dp.sa.",
            "dp.scim.",
            "dp.audit."
        ),
        Token(
            "1password-token",
            "A token of a 1Password service account",
            "ops_eyJ[A-Za-z0-9+/]{200,}",
            Some,
            "ops_eyj"
        ),
        Token(
            "age-key",
            "A private key of age",
            "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
            Some,
            "age-secret-key-1"
        ),
        Token("fairlead-key", "An API key of Fairlead", "fl_[a-f0-9]{12}_[A-Za-z0-9_-]{43}", Some, "fl_"),
        // Money
        Token(
            "stripe-key",
            "A secret key of Stripe",
            "(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,99}",
            Some,
            "sk_live",
            "sk_test",
            "sk_prod",
            "rk_live",
            "rk_test",
            "rk_prod"
        ),
        Token("stripe-webhook", "A secret of Stripe's webhooks", "whsec_[A-Za-z0-9+/=]{32,64}", Some, "whsec_"),
        Token(
            "square-token",
            "A token of Square",
            "(?:EAAA[A-Za-z0-9_-]{60}|sq0(?:csp|atp)-[A-Za-z0-9_-]{22,43})",
            Some,
            "eaaa",
            "sq0csp-",
            "sq0atp-"
        ),
        Token(
            "shopify-token",
            "A token of Shopify",
            "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
            Some,
            "shpat_",
            "shpca_",
            "shppa_",
            "shpss_"
        ),
        Token(
            "braintree-token",
            "An access token of Braintree",
            "access_token[$]production[$][a-z0-9]{16}[$][a-f0-9]{32}",
            Some,
            "access_token$production"
        ),
        Token("razorpay-key", "A key of Razorpay", "rzp_live_[A-Za-z0-9]{14}", Some, "rzp_live_"),
        Token("flutterwave-key", "A secret key of Flutterwave", "FLWSECK(?:_TEST)?-[a-z0-9]{32}-X", Some, "flwseck"),
        // Messages
        Token(
            "slack-token",
            "A token of Slack",
            "xox[abeprs]-[A-Za-z0-9-]{10,250}",
            Some,
            "xoxa-",
            "xoxb-",
            "xoxe-",
            "xoxp-",
            "xoxr-",
            "xoxs-"
        ),
        Token("slack-app-token", "An app token of Slack", "xapp-[0-9]-[A-Z0-9]+-[0-9]+-[a-z0-9]+", Some, "xapp-"),
        Token(
            "slack-webhook",
            "A webhook of Slack",
            "hooks[.]slack[.]com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,60}",
            Some,
            "hooks.slack.com"
        ),
        Token(
            "discord-webhook",
            "A webhook of Discord",
            "discord(?:app)?[.]com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}",
            Some,
            "/api/webhooks/"
        ),
        Token(
            "discord-token",
            "A bot token of Discord",
            "[MNO][A-Za-z0-9_-]{23,27}[.][A-Za-z0-9_-]{6}[.][A-Za-z0-9_-]{27,40}",
            4,
            "discord"
        ),
        Token("telegram-token", "A bot token of Telegram", "[0-9]{8,10}:AA[A-Za-z0-9_-]{33}", Some, ":aa"),
        Token(
            "teams-webhook",
            "A webhook of Microsoft Teams",
            "[a-z0-9-]+[.]webhook[.]office[.]com/webhookb2/[a-z0-9@-]{36,}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9-]{36}",
            Some,
            "webhook.office.com"
        ),
        Token("twilio-key", "An API key of Twilio", "SK[a-f0-9]{32}", Some, "sk"),
        Token("sendgrid-key", "A key of SendGrid", "SG[.][A-Za-z0-9_-]{22}[.][A-Za-z0-9_-]{43}", Some, "sg."),
        Token(
            "mailgun-key",
            "A key of Mailgun",
            "(?:key-[a-f0-9]{32}|[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8})",
            Some,
            "mailgun",
            "key-"
        ),
        Token("mailchimp-key", "A key of Mailchimp", "[a-f0-9]{32}-us[0-9]{1,2}", Some, "-us"),
        Token("brevo-key", "A key of Brevo", "xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", Some, "xkeysib-"),
        Token("resend-key", "A key of Resend", "re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,26}", Some, "re_"),
        Token("postman-key", "A key of Postman", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}", Some, "pmak-"),
        // Models
        Token(
            "openai-key",
            "A key of OpenAI",
            "sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}",
            Some,
            "t3blbkfj"
        ),
        Token(
            "anthropic-key",
            "A key of Anthropic",
            "sk-ant-(?:api|admin|oat)[0-9]{2}-[A-Za-z0-9_-]{80,110}",
            Some,
            "sk-ant-"
        ),
        Token("huggingface-token", "A token of Hugging Face", "(?:hf|api_org)_[A-Za-z]{34}", Some, "hf_", "api_org_"),
        Token("replicate-token", "A token of Replicate", "r8_[A-Za-z0-9]{37}", Some, "r8_"),
        Token("groq-key", "A key of Groq", "gsk_[A-Za-z0-9]{52}", Some, "gsk_"),
        Token("perplexity-key", "A key of Perplexity", "pplx-[A-Za-z0-9]{48}", Some, "pplx-"),
        // Watching
        Token("sentry-token", "A token of Sentry", "sntry[su]_[A-Za-z0-9+/=_]{60,250}", Some, "sntrys_", "sntryu_"),
        Token("grafana-token", "A token of Grafana", "gl(?:sa|c)_[A-Za-z0-9+/=_]{32,400}", Some, "glsa_", "glc_"),
        Named(
            "datadog-key",
            "A key of Datadog",
            "datadog.{0,20}(?:key|token)|dd_(?:api|app)_key",
            "[a-f0-9]{32,40}",
            (Some, ["datadog", "dd_a"])
        ),
        Token(
            "newrelic-key",
            "A key of New Relic",
            "NR(?:AK|JS|IQ|II|RA)-[A-Za-z0-9_-]{19,42}",
            Some,
            "nrak-",
            "nrjs-",
            "nriq-",
            "nrii-",
            "nrra-"
        ),
        Token("dynatrace-token", "A token of Dynatrace", "dt0c01[.][A-Z0-9]{24}[.][A-Z0-9]{64}", Some, "dt0c01."),
        Token("posthog-key", "A personal key of PostHog", "phx_[A-Za-z0-9]{43,50}", Some, "phx_"),
        // Work
        Token("linear-key", "A key of Linear", "lin_(?:api|oauth)_[A-Za-z0-9]{40,64}", Some, "lin_"),
        Token(
            "notion-token",
            "A token of Notion",
            "(?:ntn_[A-Za-z0-9]{43,50}|secret_[A-Za-z0-9]{43})",
            Much,
            "ntn_",
            "secret_"
        ),
        Token("airtable-token", "A token of Airtable", "pat[A-Za-z0-9]{14}[.][a-f0-9]{64}", Some, "pat"),
        Token(
            "figma-token",
            "A token of Figma",
            "fig[dorpu]_[A-Za-z0-9_-]{40,60}",
            Some,
            "figd_",
            "figo_",
            "figr_",
            "figp_",
            "figu_"
        ),
        Token("databricks-token", "A token of Databricks", "dapi[a-f0-9]{32}(?:-[0-9])?", Some, "dapi"),
        Token(
            "mapbox-token",
            "A secret token of Mapbox",
            "sk[.]eyJ[A-Za-z0-9_-]{50,}[.][A-Za-z0-9_-]{20,}",
            Some,
            "sk.eyj"
        ),
        Token("facebook-token", "A token of Facebook", "EAA[MC][A-Za-z0-9]{100,}", Some, "eaam", "eaac"),
        Token("okta-token", "A token of Okta", "00[A-Za-z0-9_-]{39}[A-Za-z0-9_]", 4, "okta", "ssws"),
        // In general
        new(
            "private-key",
            "A private key",
            Severity.Critical,
            ["private key"],
            Shape("(?<secret>-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----)")
        ),
        new(
            "url-password",
            "A password in an address",
            Severity.High,
            ["://"],
            Shape("(?i)[a-z][a-z0-9+.-]{1,30}://[^\\s:/@'\"<>]{0,64}:(?<secret>[^\\s:/@'\"<>]{3,128})@[A-Za-z0-9.-]")
        )
        {
            IsGeneric = true,
        },
        new(
            "jwt",
            "A signed token (JWT)",
            Severity.Medium,
            ["eyj"],
            Shape(Before + "(?<secret>eyJ[A-Za-z0-9_-]{14,}[.]eyJ[A-Za-z0-9_-]{14,}[.][A-Za-z0-9_-]{20,})" + After)
        )
        {
            EntropyMin = Much,
        },
        new(
            "basic-auth",
            "A name and password for HTTP",
            Severity.High,
            ["basic "],
            Shape("(?i)authorization[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?basic\\s+(?<secret>[A-Za-z0-9+/]{16,200}={0,2})")
        )
        {
            EntropyMin = Some,
            IsGeneric = true,
        },
        new(
            "bearer-token",
            "A bearer token",
            Severity.High,
            ["bearer "],
            Shape(
                "(?i)authorization[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?bearer\\s+(?<secret>[A-Za-z0-9._~+/-]{20,500}={0,2})"
            )
        )
        {
            EntropyMin = Much,
            IsGeneric = true,
        },
        new(
            "generic-secret",
            "What looks like a secret",
            Severity.Medium,
            [
                "secret",
                "token",
                "api_key",
                "apikey",
                "api-key",
                "password",
                "passwd",
                "pwd",
                "credential",
                "access_key",
                "private_key",
            ],
            Shape(
                "(?i)(?:secret|token|api[_-]?key|passw(?:or)?d|pwd|credentials?|access[_-]?key|private[_-]?key)[a-z0-9_]{0,20}[\"']?"
                    + "\\s{0,5}(?::=|=>|[:=])\\s{0,5}(?:[\"'`](?<secret>[^\"'`\\s]{8,200})[\"'`]|(?<secret>[A-Za-z0-9+/_=.~!@#$%^&*-]{12,200})(?:\\s|$|,|;))"
            )
        )
        {
            EntropyMin = Much,
            IsGeneric = true,
        },
    ];

    private static SecretRule Token(
        string id,
        string what,
        string shape,
        double entropyMin,
        params string[] keywords
    ) =>
        new(id, what, Severity.High, keywords, Shape($"{Before}(?<secret>{shape}){After}")) { EntropyMin = entropyMin };

    private static SecretRule Named(
        string id,
        string what,
        string name,
        string shape,
        (double EntropyMin, string[] Keywords) needs
    ) =>
        new(
            id,
            what,
            Severity.High,
            needs.Keywords,
            Shape(
                $"(?i:{name})[a-zA-Z0-9_]{{0,20}}[\"']?\\s{{0,5}}(?::=|=>|[:=])\\s{{0,5}}[\"']?(?<secret>{shape}){After}"
            )
        )
        {
            EntropyMin = needs.EntropyMin,
        };

    // NonBacktracking: linear in the line, whatever stands in it.
    private static Regex Shape(string pattern) =>
        new(
            pattern,
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
            Patience
        );
}
