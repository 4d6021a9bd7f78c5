namespace Fairlead.Engine.Handoffs.Kinds;

/// <summary>When a release may go out.</summary>
public sealed record DeploymentPlanBody : HandoffBody
{
    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public override string? Fault() => NotBefore >= NotAfter ? "'notBefore' is before 'notAfter'" : null;

    public override IEnumerable<string> Effects() =>
        [
            .. NotBefore is { } from ? new[] { $"no release goes out before {from:u}" } : [],
            .. NotAfter is { } to ? new[] { $"no release goes out after {to:u}" } : [],
        ];

    public override void Compile(HandoffCompile compile)
    {
        if (compile.Now < NotBefore || compile.Now > NotAfter)
        {
            compile.Block(
                $"releases go out from {NotBefore?.ToString("u", System.Globalization.CultureInfo.InvariantCulture) ?? "any time"} to {NotAfter?.ToString("u", System.Globalization.CultureInfo.InvariantCulture) ?? "any time"}",
                "Wait, or hand over another deployment-plan."
            );
        }
    }
}

/// <summary>How much risk whoever leads the work takes. It is asked when the plan is known.</summary>
public sealed record RiskAssessment : HandoffBody
{
    /// <summary>low or medium: a plan of more risk does not go out.</summary>
    public required string RiskMax { get; init; }

    public override string? Fault() => RiskMax is "low" or "medium" ? null : "'riskMax' is low or medium";

    public override IEnumerable<string> Effects() => [$"no release goes out whose plan has more than {RiskMax} risk"];
}
