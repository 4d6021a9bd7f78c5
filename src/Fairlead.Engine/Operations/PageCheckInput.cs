using System.ComponentModel;

namespace Fairlead.Engine.Operations;

/// <summary>What all checks of pages take.</summary>
public abstract record PageCheckInput : ServiceCheckInput
{
    [Description("Paths of pages, such as /prices.")]
    public IReadOnlyList<string>? Page { get; init; }
}
