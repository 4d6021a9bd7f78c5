using Fairlead.Engine.Guarding.Scanning.Config;
using Fairlead.Engine.Guarding.Scanning.Secrets;

namespace Fairlead.Tests.Guarding.Scanning;

/// <summary>
/// Planted secrets and settings beside clean look-alikes, with precision and recall printed. Secrets are put together while the test runs,
/// so that none stands in this repository.
/// </summary>
public sealed class CorpusTests
{
    private const string Hex = "0123456789abcdef";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Word = Letters + "0123456789";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly Random Chance = new(7);

    // Made once: a new one at each look would depend on which test looked before.
    private static readonly IReadOnlyList<(string Rule, string Line)> Planted =
    [
        ("aws-access-key", $"key = \"AKIA{Of(Upper, 16)}\""),
        ("aws-secret-key", $"aws_secret_access_key = {Of(Word, 40)}"),
        ("gcp-api-key", $"const k = 'AIza{Of(Word, 35)}';"),
        ("gcp-oauth-secret", $"GOCSPX-{Of(Word, 28)}"),
        ("azure-storage-key", $"AccountName=a;AccountKey={Of(Word, 86)}==;EndpointSuffix=core"),
        ("digitalocean-token", $"DO=dop_v1_{Of(Hex, 64)}"),
        ("github-token", $"git clone https://x:ghp_{Of(Word, 36)}@github.com/a/b"),
        ("github-fine-grained", $"github_pat_{Of(Word, 22)}_{Of(Word, 59)}"),
        ("gitlab-token", $"GITLAB=glpat-{Of(Word, 20)}"),
        ("npm-token", $"//registry.npmjs.org/:_authToken=npm_{Of(Word, 36)}"),
        ("pypi-token", $"password = pypi-AgEIcHlwaS5vcmc{Of(Word, 80)}"),
        ("rubygems-key", $":rubygems_api_key: rubygems_{Of(Hex, 48)}"),
        ("docker-token", $"dckr_pat_{Of(Word, 27)}"),
        ("vault-token", $"VAULT=hvs.{Of(Word, 90)}"),
        ("age-key", $"AGE-SECRET-KEY-1{Of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)}"),
        ("stripe-key", $"Stripe('sk_live_{Of(Word, 24)}')"),
        ("stripe-webhook", $"whsec_{Of(Word, 32)}"),
        ("shopify-token", $"shpat_{Of(Hex, 32)}"),
        ("slack-token", $"token: xoxb-{Of("0123456789", 12)}-{Of(Word, 24)}"),
        ("slack-webhook", $"curl https://hooks.slack.com/services/T{Of(Upper, 8)}/B{Of(Upper, 8)}/{Of(Word, 24)}"),
        ("discord-webhook", $"https://discord.com/api/webhooks/{Of("123456789", 18)}/{Of(Word, 68)}"),
        ("telegram-token", $"bot {Of("123456789", 10)}:AA{Of(Word, 33)}"),
        ("twilio-key", $"SK{Of(Hex, 32)}"),
        ("sendgrid-key", $"SG.{Of(Word, 22)}.{Of(Word, 43)}"),
        ("mailgun-key", $"mailgun = key-{Of(Hex, 32)}"),
        ("openai-key", $"sk-proj-{Of(Word, 40)}T3BlbkFJ{Of(Word, 40)}"),
        ("anthropic-key", $"sk-ant-api03-{Of(Word, 93)}AA"),
        ("huggingface-token", $"hf_{Of(Letters, 34)}"),
        ("sentry-token", $"sntrys_{Of(Word, 90)}"),
        ("grafana-token", $"glsa_{Of(Word, 32)}_{Of(Hex, 8)}"),
        ("newrelic-key", $"NRAK-{Of(Upper, 27)}"),
        ("linear-key", $"lin_api_{Of(Word, 40)}"),
        ("airtable-token", $"pat{Of(Word, 14)}.{Of(Hex, 64)}"),
        ("databricks-token", $"dapi{Of(Hex, 32)}"),
        ("private-key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
        ("private-key", "-----BEGIN OPENSSH " + "PRIVATE KEY-----"),
        ("url-password", $"postgres://shop:{Of(Word, 14)}@db.internal.net/shop"),
        ("jwt", $"eyJ{Of(Word, 30)}.eyJ{Of(Word, 60)}.{Of(Word, 43)}"),
        ("bearer-token", $"Authorization: Bearer {Of(Word, 40)}"),
        ("generic-secret", $"client_secret: \"{Of(Word, 32)}\""),
        ("generic-secret", $"DB_PASSWORD={Of(Word, 20)}"),
        ("generic-secret", $"\"apiKey\": \"{Of(Lower, 32)}\","),
    ];

    // Each has been a false alarm of some scanner.
    private static readonly IReadOnlyList<string> Clean =
    [
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "password: ${DB_PASSWORD}",
        "const password = process.env.DATABASE_PASSWORD_PRODUCTION;",
        "token = os.environ['GITHUB_TOKEN_FOR_RELEASES']",
        "secret: {{ .Values.clientSecret | quote }}",
        "\"integrity\": \"sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==\",",
        "checksum = \"98ea5ee4d7a2d5c6f3a1b7a8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8\"",
        "postgres://postgres:postgres@localhost:5432/shop",
        "redis://:password@127.0.0.1:6379",
        "https://user:<password>@example.com",
        "api_key = \"your-api-key-goes-here\"",
        "API_KEY=changeme123456",
        "password = get_password(user.id, timeout=30)",
        "var token = user.ResetToken.ToString();",
        "tokenType: string;",
        "passwordPlaceholder: 'Enter your new password'",
        "<input type=\"password\" name=\"newPasswordConfirmation\">",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "\"id\": \"123e4567-e89b-12d3-a456-426614174000\"",
        "background: url(data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4)",
        "aws_secret_access_key = var.aws_secret_access_key_from_the_pipeline",
        "export STRIPE_SECRET_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----",
        "secretName: shop-database-credentials",
        "secretKeyRef: { name: db, key: password }",
        "Authorization: Bearer <token>",
        "Authorization: Bearer ${TOKEN}",
        "if (passwordStrength >= 3 && token.Length > 20) { }",
        "private readonly string _tokenEndpoint = \"/oauth2/v2.0/token\";",
        "SECRET_KEY_BASE: <%= ENV[\"SECRET_KEY_BASE\"] %>",
        "csrf_token: \"{{ csrf_token() }}\"",
        "/// <param name=\"accessToken\">The token, as the service gave it.</param>",
        "password_hash = bcrypt.hashpw(password.encode(), bcrypt.gensalt())",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf",
        "secret = data.aws_secretsmanager_secret_version.db.secret_string",
        "translations.token.expired = 'Your token has expired, sign in again'",
        "PASSWORD_RESET_TIMEOUT_DAYS = 3",
        "sk_buff_alignment_of_network_packets_in_kernel = 1",
        "github.com/acme/token-service v1.20.3 h1:abc",
    ];

    [Fact]
    public void Planted_secrets_are_found_and_look_alikes_are_not()
    {
        var missed = Planted
            .Where(static one => !SecretSearch.Find("a.txt", one.Line).Any(found => found.Rule == one.Rule))
            .Select(static one => one.Rule)
            .ToList();
        var wrong = Clean.Where(static line => SecretSearch.Find("a.txt", line).Any()).ToList();
        var hits = Planted.Count - missed.Count;
        Print("secrets", hits, missed.Count, wrong.Count);
        Assert.Empty(missed);
        Assert.Empty(wrong);
    }

    [Fact]
    public void What_is_found_never_repeats_the_secret()
    {
        foreach (var (_, line) in Planted)
        {
            var secret = line.Split(' ', '=', '"', '\'').MaxBy(static one => one.Length)!;
            Assert.DoesNotContain(
                SecretSearch.Find("a.txt", line),
                one => one.ToString().Contains(secret, StringComparison.Ordinal) && !secret.StartsWith('-')
            );
        }
    }

    [Fact]
    public void Kinds_of_secrets_are_many_and_each_has_its_own_name()
    {
        Assert.True(SecretRules.All.Count >= 60, $"{SecretRules.All.Count} kinds");
        Assert.Equal(
            SecretRules.All.Select(static one => one.Id).Distinct(),
            SecretRules.All.Select(static one => one.Id)
        );
    }

    [Fact]
    public void Planted_settings_are_found_and_nothing_else_is()
    {
        var (hits, missed, wrong) = (0, new List<string>(), new List<string>());
        foreach (var (path, text, expected) in SettingsSample.All)
        {
            var found = ConfigScan.ReaderOf(path)!(path, text).Findings.Select(static one => one.Rule).ToHashSet();
            hits += expected.Count(found.Contains);
            missed.AddRange(expected.Where(one => !found.Contains(one)).Select(one => $"{path}: {one}"));
            wrong.AddRange(found.Where(one => !expected.Contains(one)).Select(one => $"{path}: {one}"));
        }
        Print("config", hits, missed.Count, wrong.Count);
        Assert.Empty(missed);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_rule_of_settings_is_planted()
    {
        var planted = SettingsSample.All.SelectMany(static one => one.Expected).ToHashSet();
        var rules = typeof(Rule)
            .Assembly.GetTypes()
            .Where(static one => one.Namespace == typeof(Rule).Namespace)
            .SelectMany(static one =>
                one.GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
            )
            .Where(static one => one.FieldType == typeof(Rule))
            .Select(static one => ((Rule)one.GetValue(null)!).Id)
            .ToList();
        Assert.True(rules.Count >= 70, $"{rules.Count} rules");
        Assert.Empty(rules.Except(planted));
    }

    [Fact]
    public void No_text_can_hurt_a_rule()
    {
        var random = new Random(11);
        var texts = SettingsSample.All.Select(static one => (one.Path, one.Text)).ToList();
        for (var run = 0; run < 3_000; run++)
        {
            var (path, text) = texts[random.Next(texts.Count)];
            var letters = text.ToCharArray().ToList();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                var at = random.Next(letters.Count);
                letters[at] = "{}[]:\"'#\n \\&*|>-$=\0\u00e9"[random.Next(20)];
            }
            var changed = new string([.. letters]);
            _ = ConfigScan.ReaderOf(path)!(path, changed);
            _ = SecretSearch.Find(path, changed).ToList();
        }
    }

    private static void Print(string kind, int hits, int missed, int wrong) =>
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: {hits} of {hits + missed} found, {wrong} false: recall {100.0 * hits / (hits + missed):0.0} %, precision {100.0 * hits / (hits + wrong):0.0} %"
        );

    private static string Of(string letters, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => letters[Chance.Next(letters.Length)]));
}
