namespace Fairlead.Model.Apps;

/// <summary>Whom a service may talk to beyond what it uses.</summary>
/// <param name="Calls">Services of the same app that need not be up first; circles are allowed.</param>
/// <param name="Hosts">What it may reach outside of the app.</param>
public sealed record ServiceNetwork(IReadOnlyList<string> Calls, IReadOnlyList<OutsideHost> Hosts)
{
    public static ServiceNetwork None { get; } = new([], []);
}
