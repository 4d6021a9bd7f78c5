using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;

namespace Fairlead.Tests.Responding.Incidents;

/// <summary>What operations get as steps of runbooks.</summary>
public sealed class RunbookInputsTests
{
    private static readonly Incident Bad = new()
    {
        Number = 7,
        Site = new Site("shop", "production"),
        Title = "All is wrong",
        StartedAt = Words.Noon,
        DetectedAt = Words.Noon,
        OpenedBy = "ana",
    };

    [Theory]
    [InlineData("rollback", "to=41", """{"to":41,"app":"shop","environment":"production"}""")]
    [InlineData("rollback", "app=other to=1", """{"app":"other","to":1,"environment":"production"}""")]
    [InlineData("incident note", "text=Wait", """{"text":"Wait","incident":7}""")]
    [InlineData(
        "silence add",
        "matchers=a=b,c=d for=2h reason=x",
        """{"matchers":["a=b","c=d"],"for":"2h","reason":"x","app":"shop","environment":"production"}"""
    )]
    public void The_incident_says_what_goes_without_saying(string run, string with, string input)
    {
        var step = Step(run, with);
        Assert.Null(RunbookInputs.Fault(run, step.With));
        Assert.Equal(input, RunbookInputs.Of(RunbookInputs.Find(run)!, step, Bad).ToJsonString(Schemas.Json));
    }

    [Theory]
    [InlineData("rolback", "", "There is no operation 'rolback'. Did you mean 'rollback'?")]
    [InlineData("incident.step", "", "'incident.step' can be no step. It would go round and round.")]
    [InlineData("incident runbook", "", "'incident runbook' can be no step. It would go round and round.")]
    [InlineData("rollback", "to=last", "The input 'to' of 'rollback' cannot be 'last'. It takes a whole number.")]
    [InlineData(
        "incident note",
        "",
        "'incident note' lacks its input 'text'. Write it below the step: with: { text: ... }"
    )]
    public void What_cannot_be_a_step_is_said(string run, string with, string fault)
    {
        var found = RunbookInputs.Fault(run, Step(run, with).With)!.Value;
        Assert.Equal(fault, $"{found.What} {found.Why}");
    }

    [Fact]
    public void Every_operation_is_a_step_or_says_why_not() =>
        Assert.All(
            AllOperations.Entries,
            static one =>
                Assert.True(
                    RunbookInputs.Fault(one.Name, new Dictionary<string, string>())
                        is null
                            or { What.Length: > 0, Why.Length: > 0 }
                )
        );

    [Fact]
    public void A_runbook_fits_by_its_alerts_and_services_and_one_without_fits_all()
    {
        var runbook = new Runbook("a", ["ServiceErrors", "api"], []);
        Assert.True(runbook.Fits(["ServiceErrors"], []));
        Assert.True(runbook.Fits([], ["api"]));
        Assert.False(runbook.Fits(["ServiceDown"], ["web"]));
        Assert.True((runbook with { For = [] }).Fits([], []));
    }

    private static RunbookStep Step(string run, string with) =>
        new("Do it")
        {
            Run = run,
            With = with.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(static one => one.Split('=', 2))
                .ToDictionary(static one => one[0], static one => one[1], StringComparer.Ordinal),
        };
}
