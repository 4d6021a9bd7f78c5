using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>What an operation may use.</summary>
public sealed record EngineContext
{
    public required World World { get; init; }

    /// <summary>Opens a folder for reading.</summary>
    public required Func<string, IFileTree> OpenFolder { get; init; }
}
