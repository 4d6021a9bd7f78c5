using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Infrastructure.Code.Azure;
using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;

namespace Fairlead.Tests.Infrastructure.Bicep;

/// <summary>
/// Apps, and the code in Bicep that is made of them, in files that a person can read and Microsoft's compiler judges. Run once with
/// FAIRLEAD_GOLDEN=write to take new ones, and read the difference.
/// </summary>
public sealed partial class BicepFormatTests
{
    [Theory]
    [InlineData("storefront")]
    [InlineData("everything")]
    [InlineData("functions")]
    [InlineData("closed")]
    [InlineData("strange")]
    public void An_app_becomes_modules_that_a_team_can_go_on_with(string app)
    {
        var manifest = CloudApps.OnAzure(app);

        CloudApps.Same(Path.Combine(Here(), "Golden", app), Write(manifest));
        Assert.Equal(CloudApps.Text(Write(manifest)), CloudApps.Text(Write(manifest)));
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("strange")]
    public void Every_resource_of_the_graph_is_made_or_said_to_be_something_else(string app)
    {
        var graph = CloudApps.Graph(CloudApps.OnAzure(app));
        var made = AzureCode.Of(graph).Resources.Select(static one => one.Resource).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(
            // Subnets and firewalls are one for each kind of thing, logs are in one workspace, secrets get no value of code, and Front Door
            // makes certificates of hosts; what a queue's oldest message waits nobody measures.
            ["DNS zone", "certificate", "firewall", "log group", "secret", "subnet"],
            graph
                .Resources.Where(one => !made.Contains(one.Name) && one is not Alarm { Kind: AlarmKind.Age })
                .Select(static one => one.Word)
                .Append("DNS zone")
                .Append("secret")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void No_secret_stands_in_code_or_is_told()
    {
        var text = CloudApps.Text(Write(CloudApps.OnAzure("everything")));

        Assert.DoesNotContain("listKeys", OutputsOf(text), StringComparison.Ordinal);
        Assert.Equal(
            [
                "@secure()\n@description('Password of main-database: 16 letters or more, the same each time')\nparam mainDatabasePassword string",
            ],
            Secure().Matches(text).Select(static one => one.Value).Distinct()
        );
    }

    [Fact]
    public void Roles_are_given_for_one_resource_each()
    {
        var draft = AzureCode.Of(CloudApps.Graph(CloudApps.OnAzure("everything")));

        Assert.Equal(
            [
                "apiIdentitySendsOnOrdersQueue",
                "apiIdentityWritesOnUploadsBucket",
                "apiStarterPullsOnImageRegistry",
                "apiStarterReadsOnVault",
                "deployerPushesOnImageRegistry",
                "deployerWritesOnFunctionStore",
                "deployerWritesOnVault",
                "deployerWritesOnWebFiles",
                "frontDoorIdentityReadsOnWebFiles",
                "thumbnailsIdentityMeasuresOnInsights",
                "thumbnailsIdentityOwnsOnFunctionStore",
                "thumbnailsIdentityReadsOnVault",
                "thumbnailsIdentityReceivesOnOrdersQueue",
                "workerIdentityReadsOnUploadsBucket",
                "workerIdentityReceivesOnOrdersQueue",
                "workerStarterPullsOnImageRegistry",
                "workerStarterReadsOnVault",
            ],
            draft
                .Resources.Where(static one => one.Type == AzureTypes.RoleAssignment && one.Scope is not null)
                .Select(static one => one.Symbol)
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", @"'it\'s'")]
    [InlineData("${name}", @"'\${name}'")]
    [InlineData("$", "'$'")]
    [InlineData("$${a}", @"'$\${a}'")]
    [InlineData(@"\", @"'\\'")]
    [InlineData("'''", @"'\'\'\''")]
    [InlineData("a\nb", @"'a\nb'")]
    [InlineData("\u0007\u2028", @"'\u{7}\u{2028}'")]
    [InlineData("😀", "'😀'")]
    public void A_text_means_itself_in_Bicep_whatever_is_in_it(string text, string written) =>
        Assert.Equal(written, BicepText.Quoted(text));

    [Fact]
    public void Values_are_written_as_the_formatter_leaves_them() =>
        Assert.Equal(
            """
            {
              half: json('0.5')
              list: [
                1
                'a${x}b'
              ]
              'odd-name': empty(said)
                ? [
                    true
                  ]
                : said
              lines: join(
                [
                  'one'
                  'two ${x}'
                  ''
                ],
                '\n'
              )
              keys: {
                '${x}': {}
              }
              none: {}
            }
            """,
            new BicepText(BicepModules.Reference, static name => name).Value(
                CodeValue.Map(
                    ("half", new CodeValue.Number(0.5m)),
                    ("list", CodeValue.List(1, CodeValue.Join("a", new CodeValue.Setting("x"), "b"))),
                    ("odd-name", new CodeValue.Choice("said", new CodeValue.Setting("said"), CodeValue.List(true))),
                    ("lines", CodeValue.Join("one\ntwo ", new CodeValue.Setting("x"), "\n")),
                    ("keys", new CodeValue.Call(BicepText.Keys, [new CodeValue.Setting("x")])),
                    ("none", CodeValue.Map())
                ),
                0
            )
        );

    [Fact]
    public void Names_that_mean_something_to_Bicep_or_to_the_code_around_get_other_symbols()
    {
        var draft = new AzureDraft(new(new("a", "b"), new(CloudKind.Azure, "westeurope"), []));

        Assert.Equal(
            ["location2", "resourceGroup2", "data2", "ab", "aB", "vault", "vault2"],
            [
                draft.Symbol(new LogGroup("location", 1)),
                draft.Symbol(new LogGroup("resource-group", 1)),
                draft.Symbol(new LogGroup("data", 1)),
                draft.Symbol(new LogGroup("ab", 1)),
                draft.Symbol(new LogGroup("a-b", 1)),
                draft.Symbol("vault"),
                draft.Symbol(new LogGroup("vault", 1)),
            ]
        );
    }

    [Theory]
    [InlineData(0.25, 512, "0.25 0.5 ")]
    [InlineData(0.25, 2048, "1 2 ")]
    [InlineData(4, 8192, "4 8 ")]
    [InlineData(2, 16_384, "2 16 D4")]
    [InlineData(6, 24_576, "6 24 D8")]
    [InlineData(64, 1_048_576, "32 256 E32")]
    public void A_container_gets_the_least_that_is_enough(double cores, long mebibytes, string expected)
    {
        var (cpu, memory, profile) = AzureSizes.Container(new(cores, mebibytes << 20));

        Assert.Equal(expected, FormattableString.Invariant($"{cpu:0.##} {memory:0.##} {profile}"));
    }

    private static string OutputsOf(string text) =>
        string.Join('\n', text.Split('\n').Where(static line => line.StartsWith("output ", StringComparison.Ordinal)));

    private static CodeFiles Write(string manifest) => new BicepFormat().Write(CloudApps.Graph(manifest), new());

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("@secure\\(\\)\n[^\n]*\nparam [^\n]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secure();
}
