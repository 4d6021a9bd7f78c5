using Fairlead.Model.Ports;

namespace Fairlead.Engine.Checking;

/// <summary>What checks of a folder use.</summary>
/// <param name="Revisions">Files as commits have them.</param>
/// <param name="Files">Where reports are written.</param>
/// <param name="Load">Sends many requests.</param>
/// <param name="Caller">Sends one.</param>
/// <param name="Tls">Which versions of TLS servers speak.</param>
/// <param name="Browsers">Looks at pages.</param>
/// <param name="Variable">The caller's variables; null for one that is not there.</param>
public sealed record CheckPorts(
    IRevisions Revisions,
    IOutputFiles Files,
    ILoadGenerator Load,
    ICaller Caller,
    ITlsVersions Tls,
    IBrowsers Browsers,
    Func<string, string?> Variable
);
