using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Fairlead.Tests.Rules;

/// <summary>Which folder may use which. Project references forbid most of it; these rules forbid the rest.</summary>
public sealed class LayerRules
{
    private static readonly Architecture Code = new ArchLoader()
        .LoadAssemblies(
            typeof(Fairlead.Model.Problems.Problem).Assembly,
            typeof(Fairlead.Engine.Deploying.Strategies.IStrategy).Assembly,
            typeof(Fairlead.Drivers.Http.RoleClient).Assembly,
            typeof(Fairlead.Roles.RoleContext).Assembly
        )
        .Build();

    [Fact]
    public void Faces_reach_the_engine_only_through_operations_and_the_gate_before_them() =>
        Holds(
            Types()
                .That()
                .ResideInNamespaceMatching(@"^Fairlead\.Faces")
                .Should()
                .NotDependOnAny(
                    Types().That().ResideInNamespaceMatching(@"^Fairlead\.Engine\.(?!Operations|Guarding\.Access)")
                )
        );

    [Fact]
    public void Faces_touch_no_driver_but_the_way_to_the_roles_and_the_state_folder() =>
        Holds(
            Types()
                .That()
                .ResideInNamespaceMatching(@"^Fairlead\.Faces")
                .Should()
                .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^Fairlead\.Drivers\.(?!Http|State)"))
        );

    [Fact]
    public void Strategies_are_pure() =>
        Holds(
            Types()
                .That()
                .ResideInNamespaceMatching(@"^Fairlead\.Engine\.Deploying\.Strategies")
                .Should()
                .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^Fairlead\.Model\.Ports"))
        );

    [Fact]
    public void Drivers_do_not_know_each_other() =>
        Holds(
            Types()
                .That()
                .ResideInNamespaceMatching(@"^Fairlead\.Drivers\.Targets")
                .Should()
                .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^Fairlead\.Drivers\.Routers"))
                .WithoutRequiringPositiveResults()
        );

    private static void Holds(IArchRule rule) =>
        Assert.True(
            rule.HasNoViolations(Code),
            string.Join('\n', rule.Evaluate(Code).Where(one => !one.Passed).Select(one => one.Description))
        );
}
