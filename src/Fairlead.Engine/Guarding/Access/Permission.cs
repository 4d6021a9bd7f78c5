namespace Fairlead.Engine.Guarding.Access;

/// <summary>What may be allowed. Roles are sets of these; an operation needs one of them.</summary>
#pragma warning disable CA1711 // It is what everybody calls it; the ending once meant .NET code access security.
public enum Permission
#pragma warning restore CA1711
{
    /// <summary>See apps, their releases and deployments, and why they went as they did.</summary>
    See,

    /// <summary>Read logs, metrics, traces, errors and what browsers measured; they may hold data of persons.</summary>
    Watch,

    /// <summary>Look after errors, keep source maps, and take keys with which telemetry is sent.</summary>
    Develop,

    /// <summary>Plan, deploy, promote, abort and roll back.</summary>
    Deploy,

    /// <summary>Approve or reject deployments of others.</summary>
    Approve,

    /// <summary>Deploy without approval or in a freeze, in an emergency, loudly.</summary>
    BreakGlass,

    /// <summary>Run the platform: certificates, collecting, forwarding, probes of other systems.</summary>
    Operate,

    /// <summary>Read the journal of everybody, and prove that it is whole.</summary>
    Audit,

    /// <summary>Keys of apps, secrets and findings.</summary>
    Secure,

    /// <summary>Say who may do what: roles, teams, grants and the tokens of others.</summary>
    Govern,
}
