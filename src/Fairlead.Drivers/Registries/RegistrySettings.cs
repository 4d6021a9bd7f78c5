using Fairlead.Model.Security;

namespace Fairlead.Drivers.Registries;

/// <summary>How far Fairlead goes for registries, and how much it takes of them.</summary>
public sealed record RegistrySettings
{
    /// <summary>Registries may be on the owner's own networks; what those send us on to may not lie further inside than they are.</summary>
    public AddressKind Most { get; init; } = AddressKind.Inside;

    /// <summary>Registries that are asked without TLS though they are not this machine, as in <c>registry.lan:5000</c>.</summary>
    public IReadOnlySet<string> Plain { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of one layer.</summary>
    public long BlobBytesMax { get; init; } = 10L << 30;

    /// <summary>Of all layers of an image.</summary>
    public long ImageBytesMax { get; init; } = 40L << 30;

    /// <summary>Layers that travel at the same time.</summary>
    public int AtOnceMax { get; init; } = 4;

    /// <summary>Larger ones are sent in pieces of this size, so that a break loses no more than one.</summary>
    public int PieceBytes { get; init; } = 32 << 20;

    /// <summary>Requests that fail for a moment are sent again this often.</summary>
    public int TriesMax { get; init; } = 5;

    /// <summary>The first pause; each is twice the one before.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A registry that asks for a longer pause is not waited for.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Until an answer begins, and between two pieces of a body.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(1);
}
