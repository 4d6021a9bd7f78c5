using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Ports;

namespace Fairlead.Faces.Cli;

/// <summary>What the command line is given by the program it is a part of.</summary>
/// <param name="Open">The platform that is meant: that of a server elsewhere when one is said, else that of a state folder. Contacts nothing yet.</param>
/// <param name="Here">What operations that run in this process may use, by the state folder; null stands for the usual one.</param>
public sealed record CliContext(
    Terminal Terminal,
    World World,
    Func<Globals, IPlatform> Open,
    Func<string?, EngineContext> Here
);
