using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Engine.Infrastructure.Policies;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Tests.Infrastructure;

/// <summary>
/// Plans that Terraform made of code with planted faults, and of code without. Each folder of <c>Plans</c> has the code, in which
/// <c># fault: RULE</c> stands on the line at fault, and the plan; <c>make.sh</c> makes plans anew.
/// </summary>
public sealed partial class PolicyTests
{
    private static readonly DateOnly Today = new(2026, 11, 1);

    private static string Root => Path.Combine(Here(), "Plans");

    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Root).Select(static one => Path.GetFileName(one)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Whatever_is_planted_is_found_on_its_line_and_nothing_else(string name)
    {
        var code = Code(name);
        var planted = code.SelectMany(static file =>
                file.Value.Split('\n')
                    .Select((line, at) => (Mark: Mark().Match(line), At: at + 1))
                    .Where(static one => one.Mark.Success)
                    .Select(one => $"{one.Mark.Groups["rule"].Value} {file.Key}:{one.At}")
            )
            .Order(StringComparer.Ordinal);
        var found = Judge(name, code)
            .Findings.Select(static one => $"{one.Rule} {one.File ?? one.Where}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(name is "bad-destroyed" ? ["data-destroyed aws_db_instance.shop"] : planted, found);
    }

    [Fact]
    public void There_are_twenty_bad_plans_and_ten_good_ones_at_least()
    {
        var names = Directory.GetDirectories(Root).Select(static one => Path.GetFileName(one)).ToList();

        Assert.True(names.Count(static one => one.StartsWith("bad-", StringComparison.Ordinal)) >= 20);
        Assert.True(names.Count(static one => one.StartsWith("good-", StringComparison.Ordinal)) >= 10);
    }

    [Fact]
    public void Every_rule_has_a_name_of_its_own_a_reason_and_a_way_out()
    {
        Assert.True(AllPolicies.All.Count >= 20);
        Assert.Equal(
            AllPolicies.All.Count,
            AllPolicies.All.Select(static one => one.Id).Distinct(StringComparer.Ordinal).Count()
        );
        Assert.All(AllPolicies.All, static one => Assert.True(one.Why.EndsWith('.') && one.Fix.Length > 0));
    }

    [Fact]
    public void A_finding_says_what_where_why_and_how_to_mend_it()
    {
        var found = Assert.Single(Judge("bad-firewall-ssh", Code("bad-firewall-ssh")).Findings);

        Assert.Equal(
            new(
                "critical",
                "firewall-open",
                "aws_security_group.web ingress.1.cidr_blocks",
                "Port 22 is open to 0.0.0.0/0.",
                "Programs search the whole internet for such ports within minutes, and try passwords and known weaknesses.",
                "Name the addresses or the security group that need it. For a shell, use Session Manager, IAP or Bastion instead.",
                "main.tf:19"
            ),
            found
        );
    }

    [Fact]
    public void An_allowance_that_is_over_is_a_finding_itself()
    {
        var late = Judge("good-allowed", Code("good-allowed"), new(2027, 1, 1));

        Assert.Equal(["firewall-open", "allowance-over"], late.Findings.Select(static one => one.Rule));
        Assert.Equal(["firewall-open", "allowance-over"], late.Stopping.Select(static one => one.Rule));
        Assert.Contains("infrastructure.policies.allow", late.Findings[1].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Less_than_what_a_team_fails_at_stops_nothing()
    {
        var verdict = Judge("bad-logs", Code("bad-logs"));

        Assert.Equal((2, 0), (verdict.Findings.Count, verdict.Stopping.Count));
    }

    [Fact]
    public void A_plan_that_names_a_thing_twice_is_judged_all_the_same()
    {
        var change = new PlannedChange("aws_sqs_queue.a", "aws_sqs_queue", PlannedAction.Create) { After = [] };
        var verdict = PolicyJudge.Judge(
            new("a", [change, change]),
            new(new(), Today)
            {
                Policies = new()
                {
                    Rules =
                    [
                        new()
                        {
                            Name = "mine",
                            Require = "action != 'create'",
                            Why = "So.",
                        },
                    ],
                },
            }
        );

        Assert.Equal(["mine", "mine"], verdict.Findings.Select(static one => one.Rule));
    }

    [Theory]
    [InlineData("after.tags.team !=", "The expression ends too early.")]
    [InlineData("tags.team != null", "'tags' is not known.")]
    [InlineData("hashFiles('a') == 'b'", "hashFiles() is not known here.")]
    public void A_rule_that_cannot_be_read_is_refused_with_its_place(string require, string what)
    {
        var caught = Assert.Throws<ProblemException>(() =>
            PolicyJudge.Judge(
                new("a", []),
                new(new(), Today)
                {
                    Policies = new()
                    {
                        Rules =
                        [
                            new()
                            {
                                Name = "mine",
                                Require = require,
                                Why = "So.",
                            },
                        ],
                    },
                }
            )
        );

        Assert.Equal("infra.rule", caught.Problem.Code);
        Assert.EndsWith(what, caught.Problem.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"type":"google_compute_firewall","values":{"source_ranges":["0.0.0.0/0"],"allow":[{"protocol":"tcp","ports":["22"]}]}}""",
        "firewall-open source_ranges"
    )]
    [InlineData(
        """{"type":"google_compute_firewall","values":{"source_ranges":["0.0.0.0/0"],"allow":[{"protocol":"tcp","ports":["443"]}]}}""",
        null
    )]
    [InlineData(
        """{"type":"google_storage_bucket_iam_member","values":{"member":"allUsers","role":"roles/storage.objectViewer"}}""",
        "bucket-public member"
    )]
    [InlineData(
        """{"type":"google_project_iam_member","values":{"member":"user:a@example.com","role":"roles/owner"}}""",
        "policy-admin role"
    )]
    [InlineData(
        """{"type":"google_sql_database_instance","values":{"settings":[{"backup_configuration":[{"enabled":true}],"ip_configuration":[{"authorized_networks":[{"value":"0.0.0.0/0"}]}]}]}}""",
        "database-public settings.0.ip_configuration.0.authorized_networks.0.value"
    )]
    [InlineData(
        """{"type":"azurerm_network_security_rule","values":{"direction":"Inbound","access":"Allow","protocol":"Tcp","destination_port_range":"3389","source_address_prefix":"Internet"}}""",
        "firewall-open source_address_prefix"
    )]
    [InlineData(
        """{"type":"azurerm_storage_account","values":{"min_tls_version":"TLS1_0"}}""",
        "tls-old min_tls_version"
    )]
    [InlineData(
        """{"type":"azurerm_storage_container","values":{"container_access_type":"blob"}}""",
        "bucket-public container_access_type"
    )]
    [InlineData("""{"type":"azurerm_linux_web_app","values":{"https_only":true}}""", null)]
    [InlineData(
        """{"type":"aws_security_group","values":{"ingress":[{"protocol":"-1","from_port":0,"to_port":0,"cidr_blocks":["0.0.0.0/0"]}]}}""",
        "firewall-open ingress.0.cidr_blocks"
    )]
    [InlineData(
        """{"type":"aws_s3_bucket_policy","values":{"policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}}}"}}""",
        "principal-open policy"
    )]
    [InlineData(
        """{"type":"aws_s3_bucket_policy","values":{"policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}}}"}}""",
        null
    )]
    [InlineData(
        """{"type":"aws_iam_policy","values":{"policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"NotAction\":\"iam:*\",\"Resource\":\"arn:aws:s3:::a\"}]}"}}""",
        "policy-all-actions policy"
    )]
    public void What_is_open_in_one_cloud_is_found_in_others_too(string thing, string? expected)
    {
        var root = JsonDocument.Parse(thing).RootElement;
        var type = root.GetProperty("type").GetString()!;
        var values = System.Text.Json.Nodes.JsonObject.Create(root.GetProperty("values"))!;
        var verdict = PolicyJudge.Judge(
            new("a", []) { Result = [new($"{type}.one", type, values)] },
            new(new(), Today)
        );

        Assert.Equal(
            expected is null ? [] : [expected],
            verdict.Findings.Select(one =>
                $"{one.Rule} {one.Where.Replace($"{type}.one", "", StringComparison.Ordinal).Trim()}"
            )
        );
    }

    private static PolicyVerdict Judge(string name, IReadOnlyDictionary<string, string> code, DateOnly? today = null)
    {
        var plan = TerraformPlanReader.Read(File.ReadAllBytes(Path.Combine(Root, name, "plan.json")), "a");
        var needs = Entry(Path.Combine(Root, name, "infrastructure.yaml"));
        return PolicyJudge.Judge(
            plan,
            new(
                new()
                {
                    IsProtected = needs.Protected is true,
                    Budget = (decimal?)needs.Budget,
                    Cost = CostEstimator.Of(plan, PriceBook.Usual, needs.Usage ?? []),
                },
                today ?? Today
            )
            {
                Policies = needs.Policies,
                Code = code,
            }
        );
    }

    private static InfrastructureEntry Entry(string path)
    {
        if (!File.Exists(path))
        {
            return new();
        }
        var findings = new Findings("infrastructure.yaml");
        var root = YamlReader.Read(File.ReadAllText(path), findings);
        var entry = (InfrastructureEntry?)new RecordForm(typeof(InfrastructureEntry)).Read(root!, findings);
        findings.ThrowIfAny();
        return entry!;
    }

    private static Dictionary<string, string> Code(string name) =>
        Directory
            .GetFiles(Path.Combine(Root, name), "*.tf", SearchOption.AllDirectories)
            .ToDictionary(
                one => Path.GetRelativePath(Path.Combine(Root, name), one).Replace('\\', '/'),
                File.ReadAllText,
                StringComparer.Ordinal
            );

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("# fault: (?<rule>[a-z0-9-]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Mark();
}
