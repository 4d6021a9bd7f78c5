using System.Text.Json.Serialization;

namespace Fairlead.Model.Resources;

/// <summary>Clouds that resources are written for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CloudKind>))]
public enum CloudKind
{
    [JsonStringEnumMemberName("aws")]
    Aws,

    [JsonStringEnumMemberName("google")]
    Google,

    [JsonStringEnumMemberName("azure")]
    Azure,
}
