using System.Text.Json;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Http;

/// <summary>How Fairlead's roles talk: JSON over HTTP on Unix sockets.</summary>
public static class Wire
{
    /// <summary>Carries the fence of an effect.</summary>
    public const string FenceHeader = "Fairlead-Fence";

    /// <summary>Its caller asks as an agent of this name, which may less.</summary>
    public const string AgentHeader = "Fairlead-Agent";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}

/// <summary>A role's answer that is not a success.</summary>
/// <param name="Fence">The highest fence seen, when the effect's own was lower.</param>
/// <param name="Problems">What went wrong, when the world did.</param>
public sealed record Refusal(long? Fence, IReadOnlyList<Problem>? Problems);
