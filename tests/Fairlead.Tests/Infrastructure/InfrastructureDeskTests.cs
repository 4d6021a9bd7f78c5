using System.Globalization;
using System.Runtime.CompilerServices;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Infrastructure;

/// <summary>From a plan to what is done: with plans that Terraform made of code with planted faults.</summary>
public sealed class InfrastructureDeskTests
{
    private const string Waived = """
        policies: { allow: [{ rule: firewall-open, reason: A bastion comes in May., until: 2027-05-31 }] }
        """;

    private static readonly Site Shop = new("shop", "production");
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly World world;
    private readonly MemoryStore store;

    public InfrastructureDeskTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_that_policies_refuse_is_shown_with_the_reason_and_is_never_done()
    {
        var tool = new Tool("bad-firewall-ssh");
        var desk = Desk(tool);
        var planned = await PlanAsync(desk);

        Assert.Equal(
            """
            critical firewall-open aws_security_group.web ingress.1.cidr_blocks: Port 22 is open to 0.0.0.0/0.
            0.00 USD in a month, 0.00 USD before, 0 unknown
            infra.blocked The plan 111111111111 of shop/production may not be done.
            aws_security_group.web ingress.1.cidr_blocks: Port 22 is open to 0.0.0.0/0. Programs search the whole internet for such ports within minutes, and try passwords and known weaknesses. (firewall-open, critical)
            """,
            Text(planned)
        );
        var refused = await RefusedAsync(() => ApplyAsync(desk, planned.Plan));
        Assert.Equal(planned.Problems[0].What, refused.What);
        Assert.Equal(planned.Problems[0].Why, refused.Why);
        Assert.Empty(tool.Done);
        var kept = await desk.FindPlanAsync(Shop, Stop);
        Assert.Equal("0.00 USD in a month, 0.00 USD before; by list prices of 2025-01-01", kept!.Review!.Cost);
    }

    [Fact]
    public async Task What_is_allowed_for_a_while_is_told_and_done()
    {
        var tool = new Tool("bad-firewall-ssh");
        var desk = Desk(tool);
        var planned = await PlanAsync(desk, Waived);

        Assert.Empty(planned.Problems);
        Assert.Equal("A bastion comes in May.", planned.Allowed.Single().Split(": ")[^1].Split(" (")[0]);
        await ApplyAsync(desk, planned.Plan);
        Assert.Equal([planned.Plan], tool.Done);
    }

    [Fact]
    public async Task The_line_at_fault_is_that_of_the_code_that_was_written()
    {
        var review = InfrastructureReview.Of(Folder(""), needs: null, world);
        var code = await File.ReadAllTextAsync(Path.Combine(Plans, "bad-firewall-ssh", "main.tf"), Stop);
        var (verdict, cost) = review.Judge(
            Read("bad-firewall-ssh"),
            new(),
            new("", new Dictionary<string, string> { ["main.tf"] = code }),
            fail: null
        );
        var kept = InfrastructureReview.Kept(verdict, cost, (["api"], 500));

        Assert.Equal("main.tf:19", ApplyingProblems.Blocked(Shop, Id, kept).Where);
        Assert.Equal(
            "main.tf:19 aws_security_group.web ingress.1.cidr_blocks: Port 22 is open to 0.0.0.0/0. (firewall-open, critical)",
            ApplyingProblems.Line(kept.Stopping[0])
        );
    }

    [Fact]
    public async Task What_it_costs_is_said_and_a_budget_stops_it()
    {
        var planned = await PlanAsync(Desk(new Tool("good-machines")), "budget: 1");

        Assert.Equal("high budget-exceeded", Text(planned).Split('\n')[0][..20]);
        Assert.NotEqual("0.00 USD", planned.Cost!.After);
        Assert.Equal("infra.blocked", planned.Problems.Single().Code);
    }

    [Fact]
    public async Task What_was_made_is_measured_with_its_budget_until_it_is_gone()
    {
        var desk = Desk(new Tool("good-machines"));
        var watch = new CostWatch(store, world);
        async Task<IReadOnlyList<string>> MeasuredAsync()
        {
            using var end = new CancellationTokenSource();
            var watching = watch.RunAsync(end.Token);
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
            var page = new MetricPage();
            watch.Measure(page);
            return
            [
                .. page.Samples.Select(static one =>
                    string.Create(CultureInfo.InvariantCulture, $"{MetricDesk.Written(one.Labels)} {one.Value:0.00}")
                ),
            ];
        }
        var planned = await PlanAsync(desk, "budget: 5000", "staging");
        Assert.Empty(await MeasuredAsync());
        await ApplyAsync(desk, planned.Plan, "staging");
        var all = planned.Cost!.After.Split(' ')[0];
        Assert.Equal(
            [
                $$"""fairlead_infrastructure_monthly_dollars{app="shop", environment="staging"} {{all}}""",
                """fairlead_infrastructure_budget_dollars{app="shop", environment="staging"} 5000.00""",
            ],
            await MeasuredAsync()
        );

        var away = (await PlanAsync(desk, environment: "staging", destroy: true)).Plan;
        Assert.Equal(2, (await MeasuredAsync()).Count);
        await ApplyAsync(desk, away, "staging", confirm: "shop/staging");
        Assert.Empty(await MeasuredAsync());
    }

    [Fact]
    public async Task What_others_changed_is_remembered_until_something_is_done()
    {
        var desk = Desk(new Tool("good-tags"));
        await ApplyAsync(desk, (await PlanAsync(desk)).Plan);
        Assert.Null(await desk.FindDriftAsync(Shop, Stop));
        await desk.PlanAsync(
            (Shop, new(CloudKind.Aws, "eu-central-1"), new([], [])),
            (Tool.Called, ProvisionAim.Drift),
            "ana",
            static _ => null,
            Stop
        );
        var drift = await desk.FindDriftAsync(Shop, Stop);
        Assert.Equal(("ana", clock.GetUtcNow(), 0), (drift!.By, drift.At, drift.Others));
        await ApplyAsync(desk, (await PlanAsync(desk)).Plan);
        Assert.Null(await desk.FindDriftAsync(Shop, Stop));
    }

    [Fact]
    public async Task Nobody_is_told_that_a_plan_was_judged_which_nothing_could_read()
    {
        var desk = Desk(new Tool("bad-firewall-ssh", SpeaksTerraform: false));
        var planned = await PlanAsync(desk, "budget: 1");

        Assert.Equal(([], [], null), (planned.Findings, planned.Problems, planned.Cost));
        Assert.Equal(
            "Policies and prices read plans of Terraform and OpenTofu alone: nothing judged this one, 'policies' and 'budget' of the manifest did not count, and what it costs is not known.",
            planned.Notes[^1]
        );
    }

    [Fact]
    public async Task A_rule_that_cannot_be_read_is_told_before_a_cloud_is_asked()
    {
        var tool = new Tool("good-tags");
        var refused = await RefusedAsync(() =>
            PlanAsync(Desk(tool), "policies: { rules: [{ name: mine, require: 'after.tags !=', why: So. }] }")
        );

        Assert.Equal("infra.rule", refused.Code);
        Assert.Equal(0, tool.Plans);
        refused = await RefusedAsync(() => PlanAsync(Desk(tool), "prices: mine.json"));
        Assert.Equal("infra.prices", refused.Code);
    }

    [Theory]
    [InlineData("production", "data-destroyed")]
    [InlineData("staging", "")]
    public async Task To_take_everything_down_is_a_fault_only_where_it_is_protected(string environment, string rules)
    {
        var planned = await PlanAsync(Desk(new Tool("bad-destroyed")), environment: environment, destroy: true);

        Assert.Equal(rules, string.Join(' ', planned.Findings.Select(static one => one.Rule)));
    }

    [Fact]
    public async Task Data_goes_only_for_somebody_who_names_whose_it_is()
    {
        var tool = new Tool("bad-destroyed");
        var desk = Desk(tool);
        var plan = (await PlanAsync(desk, environment: "staging", destroy: true)).Plan;

        var refused = await RefusedAsync(() => ApplyAsync(desk, plan, "staging"));
        Assert.Equal("infra.not-named", refused.Code);
        await ApplyAsync(desk, plan, "staging", confirm: "shop/staging");
        Assert.Equal([plan], tool.Done);
    }

    [Fact]
    public async Task A_server_with_another_folder_does_not_plan_what_it_knows_nothing_of()
    {
        var here = Desk(new Tool("good-tags"));
        await ApplyAsync(here, (await PlanAsync(here)).Plan);
        var there = Desk(new Tool("good-tags"), new StateHome("b", "second"));

        var refused = await RefusedAsync(() => PlanAsync(there));
        Assert.Equal(
            (
                "infra.elsewhere",
                "It was made by a server on first. Planned from here, all of it would be made a second time."
            ),
            (refused.Code, refused.Why)
        );
        Assert.Equal("infra.elsewhere", (await RefusedAsync(() => ListAsync(there))).Code);
        await PlanAsync(here);
        Assert.Equal("infra.elsewhere", (await RefusedAsync(() => ApplyAsync(there, Id))).Code);
        await PlanAsync(Desk(new Tool("good-tags", KeepsState: false), new StateHome("b", "second")));
    }

    [Fact]
    public async Task Where_nothing_is_left_every_server_may_begin_anew()
    {
        var here = Desk(new Tool("good-tags"));
        await ApplyAsync(here, (await PlanAsync(here, environment: "staging")).Plan, "staging");
        var plan = (await PlanAsync(here, environment: "staging", destroy: true)).Plan;
        await ApplyAsync(here, plan, "staging", confirm: "shop/staging");

        await PlanAsync(Desk(new Tool("good-tags"), new StateHome("b", "second")), environment: "staging");
    }

    [Fact]
    public async Task A_plan_is_done_once_and_for_a_day()
    {
        var desk = Desk(new Tool("good-tags"));
        var plan = (await PlanAsync(desk)).Plan;
        await ApplyAsync(desk, plan[..12]);
        Assert.Equal("infra.no-plan", (await RefusedAsync(() => ApplyAsync(desk, plan))).Code);

        await PlanAsync(desk);
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal("infra.no-plan", (await RefusedAsync(() => ApplyAsync(desk, plan))).Code);
    }

    [Theory]
    [InlineData(
        "cloudfromation",
        "'cloudfromation' makes no infrastructure here.",
        "Did you mean 'cloudformation'? --with cloudformation"
    )]
    [InlineData("bicep", "bicep makes no infrastructure here.", "Write the code: fairlead infra export --with bicep")]
    [InlineData("x", "'x' makes no infrastructure here.", "Say one of them: --with cloudformation")]
    public async Task A_plan_names_only_tools_that_plan_here(string tool, string what, string fix)
    {
        var refused = await RefusedAsync(() =>
            PlanInfrastructure.RunAsync(
                new() { Folder = "/app", With = tool },
                Engine(""),
                Desk(new Tool("good-tags")),
                Stop
            )
        );

        Assert.Equal(("infra.unknown-tool", what, fix), (refused.Code, refused.What, refused.Fix));
        Assert.DoesNotContain("pulumi", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_what_was_never_made_it_is_said_that_nothing_was()
    {
        var refused = await RefusedAsync(() =>
            ShowInfrastructure.RunAsync(new() { App = "nobody" }, Engine(""), Desk(new Tool("good-tags")), Stop)
        );

        Assert.Equal(
            (
                "infra.nothing-made",
                "Nothing was ever planned or made at a cloud for nobody/production.",
                Trouble.NotFound
            ),
            (refused.Code, refused.What, refused.Trouble)
        );
    }

    private InfrastructureDesk Desk(Tool tool, StateHome? home = null) =>
        new(
            new(
                store,
                () => store.Highest,
                world,
                [tool],
                home ?? new("a", "first"),
                static () => new Dictionary<string, string>(),
                static (_, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>())
            )
        );

    private Task<PlanInfrastructure.Output> PlanAsync(
        InfrastructureDesk desk,
        string needs = "",
        string environment = "production",
        bool destroy = false
    ) =>
        PlanInfrastructure.RunAsync(
            new()
            {
                Folder = "/app",
                Environment = environment,
                With = Tool.Called,
                Destroy = destroy,
            },
            Engine(needs),
            desk,
            Stop
        );

    private Task<ApplyInfrastructure.Output> ApplyAsync(
        InfrastructureDesk desk,
        string plan,
        string environment = "production",
        string? confirm = null
    ) =>
        ApplyInfrastructure.RunAsync(
            new()
            {
                App = "shop",
                Environment = environment,
                Plan = plan,
                Confirm = confirm,
            },
            Engine(""),
            desk,
            Stop
        );

    private static Task ListAsync(InfrastructureDesk desk) =>
        desk.ListAsync((Shop, new(CloudKind.Aws, "eu-central-1")), Tool.Called, Stop);

    private EngineContext Engine(string needs) =>
        new()
        {
            World = world,
            OpenFolder = _ => Folder(needs),
            WriteNewFile = static (_, _) => { },
        };

    private static MemoryTree Folder(string needs) =>
        new(
            new Dictionary<string, string>
            {
                ["fairlead.yaml"] = $$"""
                app: shop
                services:
                  api: { kind: api, run: ./api, health: /healthz, routes: /api }
                environments:
                  production: { hosts: [shop.example.com] }
                  staging: {}
                infrastructure:
                  cloud: aws
                  {{needs}}
                """,
                ["api"] = "",
            }
        );

    private static string Text(PlanInfrastructure.Output planned) =>
        string.Join(
            '\n',
            [
                .. planned.Findings.Select(static one => $"{one.Severity} {one.Rule} {one.Where}: {one.What}"),
                $"{planned.Cost!.After} in a month, {planned.Cost.Before} before, {planned.Cost.Unknown.ToString(CultureInfo.InvariantCulture)} unknown",
                .. planned.Problems.Select(static one => $"{one.Code} {one.What}\n{one.Why}"),
            ]
        );

    private static async Task<Problem> RefusedAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem;

    private static readonly string Id = new('1', 64);

    private static string Plans => Path.Combine(Here(), "Plans");

    private static ProvisionPlan Read(string name) =>
        TerraformPlanReader.Read(File.ReadAllBytes(Path.Combine(Plans, name, "plan.json")), Id);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    /// <summary>A tool whose every plan is one that Terraform made before.</summary>
    private sealed record Tool(string Planned, bool SpeaksTerraform = true, bool KeepsState = true) : IProvisioner
    {
        public const string Called = "cloudformation";

        public string Name => Called;

        public int Plans { get; private set; }

        public List<string> Done { get; } = [];

        public Task<ProvisionPlan> PlanAsync(ProvisionWork work, ProvisionAim aim, CancellationToken stop)
        {
            Plans++;
            return Task.FromResult(Read(Planned));
        }

        public Task ApplyAsync(ProvisionWork work, string plan, CancellationToken stop)
        {
            Done.Add(plan);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<Provisioned>> ListAsync(ProvisionWork work, CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<Provisioned>>([]);

        public Task ImportAsync(ProvisionWork work, string address, string id, CancellationToken stop) =>
            Task.CompletedTask;
    }
}
