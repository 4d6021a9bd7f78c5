using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;

namespace Fairlead.Faces.Cli;

/// <summary>What the command line is given by the program it is a part of.</summary>
/// <param name="Open">The platform of a state folder; null stands for the usual folder. Contacts nothing yet.</param>
/// <param name="Here">What operations that run in this process may use, by the state folder; null stands for the usual one.</param>
public sealed record CliContext(
    Terminal Terminal,
    World World,
    Func<string?, IPlatform> Open,
    Func<string?, EngineContext> Here
);
