using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>What a service is, which decides whether it takes traffic and how it is replaced.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Kind>))]
public enum Kind
{
    /// <summary>Pages for people: static files, or a process that renders them.</summary>
    [JsonStringEnumMemberName("web")]
    Web,

    /// <summary>A process that answers requests of programs.</summary>
    [JsonStringEnumMemberName("api")]
    Api,

    /// <summary>A process without requests, such as a queue's consumer.</summary>
    [JsonStringEnumMemberName("worker")]
    Worker,

    /// <summary>A process that ends, run once or on a schedule.</summary>
    [JsonStringEnumMemberName("job")]
    Job,

    /// <summary>An app for phones, released through stores.</summary>
    [JsonStringEnumMemberName("mobile")]
    Mobile,

    /// <summary>A trained model behind an endpoint.</summary>
    [JsonStringEnumMemberName("model")]
    Model,
}
