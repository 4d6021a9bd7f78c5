using System.Text.Json.Serialization;

namespace Fairlead.Engine.Checking.Bundles;

/// <summary>How files go over the wire.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Packing>))]
public enum Packing
{
    /// <summary>As they are.</summary>
    [JsonStringEnumMemberName("raw")]
    Raw,

    /// <summary>As nearly every server sends texts.</summary>
    [JsonStringEnumMemberName("gzip")]
    Gzip,

    /// <summary>As servers send texts that were packed before.</summary>
    [JsonStringEnumMemberName("brotli")]
    Brotli,
}
