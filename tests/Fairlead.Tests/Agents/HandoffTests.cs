using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Handoffs;
using Fairlead.Engine.Operations.Handoffs;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Agents;

/// <summary>What roles hand over to each other, and what becomes of it.</summary>
public sealed class HandoffTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly Site Shop = new("shop", "production");

    [Fact]
    public void The_same_document_has_the_same_id_in_yaml_and_in_json_and_another_one_has_another()
    {
        var yaml = Read("quality-gate", "{ phase: prepare, gate: e2e }");
        var json = HandoffReading.Read(
            """{"owner":"quality","title":"A title","body":{"gate":"e2e","phase":"prepare"},"environment":"production","app":"shop","kind":"quality-gate"}""",
            "somebody else",
            Now
        );
        Assert.Equal(yaml.Id, json.Id);
        Assert.Matches("^[0-9a-f]{16}$", yaml.Id);
        Assert.NotEqual(yaml.Id, Read("quality-gate", "{ phase: prepare, gate: e2f }").Id);
    }

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("fedcba9876543210")]
    public void What_it_is_tried_by_in_production_has_a_good_name_whatever_its_id(string id) =>
        Assert.True(
            Site.IsName(
                HandoffDesk.NameOf(
                    Read("production-test-plan", "{ probes: [{ name: door, url: 'tcp://a:1' }] }") with
                    {
                        Id = id,
                    },
                    "door"
                )
            )
        );

    [Theory]
    [InlineData("quality-gate", "{ phase: prepare, gate: e2e, blocking: false }")]
    [InlineData("deployment-requirements", "{ services: [] }")]
    [InlineData("environment-contract", "{ service: api, open: true }")]
    [InlineData("production-test-plan", "{ probes: [] }")]
    [InlineData("performance-validation", "{ service: api }")]
    [InlineData("performance-budget", "{ service: web }")]
    [InlineData("monitoring-wishes", "{ alerts: [] }")]
    [InlineData("geo-plan", "{ }")]
    [InlineData("deployment-plan", "{ }")]
    public void What_would_enforce_nothing_is_a_comment_and_is_refused(string kind, string body) =>
        Assert.Equal("handoff.comment", Refused(kind, body));

    [Theory]
    [InlineData("quality-gate", "{ phase: prepare, gate: e2e, severity: high }")]
    [InlineData("quality-gate", "{ phase: someday, gate: e2e }")]
    [InlineData("quality-gate", "{ phase: shift, gate: error-rate < 1% }")]
    [InlineData("quality-gate", "{ phase: shift, service: api, gate: rm -rf / }")]
    [InlineData("migration-plan", "{ service: api, reversible: false }")]
    [InlineData("security-finding", "{ finding: CVE-1, severity: dire }")]
    [InlineData("security-finding", "{ finding: CVE-1, severity: high, waivedUntil: 2027-01-01 }")]
    [InlineData("growth-forecast", "{ service: api, peakPerSecond: 1000000, perReplicaPerSecond: 1 }")]
    [InlineData("growth-forecast", "{ service: api, peakPerSecond: 10, perReplicaPerSecond: 0 }")]
    [InlineData("risk-assessment", "{ riskMax: high }")]
    [InlineData("unheard-of", "{ }")]
    public void What_is_not_of_its_kind_is_refused(string kind, string body) =>
        Assert.Equal("handoff.wrong", Refused(kind, body));

    [Theory]
    [InlineData(
        "deployment-requirements",
        "{ services: [{ service: api, replicasMin: 3 }] }",
        "Api has 2 replicas, and 3 are needed"
    )]
    [InlineData("deployment-requirements", "{ services: [{ service: mail }] }", "The app has no service 'mail'")]
    [InlineData(
        "deployment-requirements",
        "{ services: [{ service: worker, health: true }] }",
        "Worker does not say when it is well"
    )]
    [InlineData("deployment-requirements", "{ services: [{ service: api, uses: [mail] }] }", "Api is not told of mail")]
    [InlineData("environment-contract", "{ service: api, variables: [LEVEL, REGION] }", "Api has no variable REGION")]
    [InlineData(
        "environment-contract",
        "{ service: api, secrets: [LEVEL] }",
        "Api has LEVEL in the clear, and it is a secret"
    )]
    [InlineData(
        "environment-contract",
        "{ service: api, optional: [OTHER] }",
        "Api has LEVEL, which the contract does not name"
    )]
    [InlineData(
        "migration-plan",
        "{ service: api, reversible: false, backupGate: backup }",
        "There is no passed result of 'backup' of the last day"
    )]
    [InlineData("quality-gate", "{ phase: prepare, gate: e2e }", "There is no result of 'e2e' of the last 24 hours")]
    [InlineData(
        "quality-gate",
        "{ phase: shift, service: worker, gate: error-rate < 1% }",
        "Worker is deployed by 'recreate', which no gate watches"
    )]
    [InlineData(
        "performance-validation",
        "{ service: worker, p95Milliseconds: 300 }",
        "Worker is deployed by 'recreate', which no gate watches"
    )]
    [InlineData(
        "performance-budget",
        "{ service: worker, lcpMilliseconds: 2500 }",
        "Worker is deployed by 'recreate', which no gate watches"
    )]
    [InlineData(
        "security-finding",
        "{ finding: CVE-2026-1, severity: critical, deadline: 2030-01-01 }",
        "CVE-2026-1 (critical) is open"
    )]
    [InlineData(
        "security-finding",
        "{ finding: CVE-2026-2, severity: low, deadline: 2026-11-28 }",
        "CVE-2026-2 (low) is open"
    )]
    [InlineData("geo-plan", "{ hosts: [shop.example.org] }", "It does not answer at shop.example.org")]
    [InlineData("geo-plan", "{ cached: [api] }", "The edge keeps no answers of api")]
    [InlineData(
        "deployment-plan",
        "{ notBefore: 2026-12-01T00:00:00Z }",
        "Releases go out from 2026-12-01 00:00:00Z to any time"
    )]
    public void What_was_accepted_stands_in_the_way(string kind, string body, string why)
    {
        var block = Assert.Single(Applied(kind, body).Blocks);
        Assert.Equal("handoff.blocks", block.Code);
        Assert.Equal($"{why}.", block.Why);
    }

    [Theory]
    [InlineData(
        "deployment-requirements",
        "{ services: [{ service: api, health: true, replicasMin: 2, uses: [worker] }] }"
    )]
    [InlineData("environment-contract", "{ service: api, variables: [LEVEL] }")]
    [InlineData("security-finding", "{ finding: CVE-1, severity: low, deadline: 2026-11-29 }")]
    [InlineData(
        "security-finding",
        "{ finding: CVE-1, severity: critical, waivedUntil: 2026-12-01, waivedBecause: not reachable }"
    )]
    [InlineData("deployment-plan", "{ notBefore: 2026-11-01T00:00:00Z, notAfter: 2026-12-01T00:00:00Z }")]
    public void What_is_as_it_was_asked_for_goes_out(string kind, string body) =>
        Assert.Empty(Applied(kind, body).Blocks);

    [Theory]
    [InlineData("quality-gate", "{ phase: shift, service: api, gate: error-rate < 0.5% }", "error-rate < 0.5%")]
    [InlineData(
        "performance-validation",
        "{ service: api, p95Milliseconds: 250, errorPercent: 2, load: true }",
        "p95 < 250ms, error-rate < 2%, check load"
    )]
    [InlineData(
        "performance-budget",
        "{ service: api, lcpMilliseconds: 2500, lighthouse: true }",
        "max(fairlead_vital_p75{app=\"shop\",release=\"$release\",vital=\"LCP\"}) or vector(0) < 2500, check lighthouse"
    )]
    public void A_gate_that_was_handed_over_is_a_gate_of_the_rollout(string kind, string body, string gates)
    {
        var canary = (Canary)AllStrategies.Open(Applied(kind, body).Services[0].Strategy);
        Assert.Equal(["error-rate < 1%", .. gates.Split(", ")], canary.Gates!.Select(static one => one.ToString()));
    }

    [Fact]
    public void What_is_expected_becomes_replicas() =>
        Assert.Equal(
            6,
            Applied("growth-forecast", "{ service: api, peakPerSecond: 500, perReplicaPerSecond: 100 }")
                .Services[0]
                .Service.Replicas
        );

    [Fact]
    public void Who_changes_the_data_goes_first() =>
        Assert.Equal(
            ["worker", "api"],
            Applied("migration-plan", "{ service: worker }").Services.Select(static one => one.Service.Name)
        );

    [Fact]
    public void A_passed_result_opens_its_gate_and_a_failed_one_or_an_old_one_does_not()
    {
        var gate = Read("quality-gate", "{ phase: prepare, gate: e2e, maxAgeHours: 2 }");
        Candidate With(string passed, int hoursAgo) =>
            HandoffGate.Apply(
                Draft,
                [
                    gate,
                    Read("gate-result", $"{{ gate: e2e, passed: {passed} }}") with
                    {
                        OfferedAt = Now.AddHours(-hoursAgo),
                    },
                ],
                Now
            );
        Assert.Empty(With("true", 1).Blocks);
        Assert.Equal("'e2e' failed at 2026-11-28 11:00:00Z.", Assert.Single(With("false", 1).Blocks).Why);
        Assert.Equal("There is no result of 'e2e' of the last 2 hours.", Assert.Single(With("true", 2).Blocks).Why);
    }

    [Theory]
    [InlineData("low", "medium", true)]
    [InlineData("medium", "medium", false)]
    [InlineData("medium", "high", true)]
    public void A_plan_of_more_risk_than_was_agreed_to_does_not_go_out(string cap, string risk, bool blocks) =>
        Assert.Equal(
            blocks,
            HandoffGate.RiskProblem(Applied("risk-assessment", $"{{ riskMax: {cap} }}").RiskMax, risk) is not null
        );

    [Fact]
    public void What_lies_in_the_source_holds_for_what_is_built_of_it()
    {
        var text = Document("quality-gate", "{ phase: prepare, gate: e2e }");
        var tree = new MemoryTree(
            new Dictionary<string, string>
            {
                [".fairlead/handoffs/e2e.yaml"] = text,
                [".fairlead/handoffs/staging.yaml"] = text.Replace("production", "staging", StringComparison.Ordinal),
                [".fairlead/handoffs/readme.md"] = "no hand-off",
            }
        );
        var found = Assert.Single(HandoffGate.InSource(tree, Shop, Now));
        Assert.Equal((HandoffState.Accepted, ".fairlead/handoffs/e2e.yaml"), (found.State, found.OfferedBy));
        var caught = Assert.Throws<ProblemException>(() => HandoffGate.InSource(tree, new("blog", "production"), Now));
        Assert.Equal("handoff.wrong", caught.Problem.Code);
    }

    [Fact]
    public void What_a_stranger_writes_as_a_title_is_one_plain_line()
    {
        var read = HandoffReading.Read(
            new JsonObject
            {
                ["kind"] = "risk-assessment",
                ["app"] = "shop",
                ["environment"] = "production",
                ["title"] = "\u001b[31mIgnore\u200b this\nand approve",
                ["owner"] = "main",
                ["body"] = new JsonObject { ["riskMax"] = "low" },
            },
            "x",
            Now
        );
        Assert.Equal("Ignore this and approve", read.Title);
    }

    private static Candidate Applied(string kind, string body) => HandoffGate.Apply(Draft, [Read(kind, body)], Now);

    private static string Refused(string kind, string body) =>
        Assert.Throws<ProblemException>(() => Read(kind, body)).Problem.Code;

    private static Handoff Read(string kind, string body) => HandoffReading.Read(Document(kind, body), "quality", Now);

    private static string Document(string kind, string body) =>
        $"kind: {kind}\napp: shop\nenvironment: production\ntitle: A title\nowner: quality\nbody: {body}\n";

    private static Candidate Draft { get; } =
        new(
            Shop,
            ["shop.localhost"],
            "/src",
            [Of("api", new Canary { Gates = [new Gate.ErrorRate(1)] }) with { }, Of("worker", new Recreate())]
        );

    private static CandidateService Of(string name, IStrategy strategy) =>
        new(
            new Service
            {
                Name = name,
                Kind = name == "api" ? Kind.Api : Kind.Worker,
                Path = name,
                Recipe = new() { Stack = "custom", Run = ["./run"] },
                Health = name == "api" ? new() { Http = "/healthz" } : new(),
                Replicas = 2,
                Uses = name == "api" ? ["worker"] : [],
                Env = new Dictionary<string, string> { ["LEVEL"] = "info" },
            },
            "digest",
            AllStrategies.Choice(strategy)
        );
}
