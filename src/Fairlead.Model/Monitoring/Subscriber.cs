using System.Text.Json.Serialization;

namespace Fairlead.Model.Monitoring;

/// <summary>Somebody who wants to be told by mail what a status page says.</summary>
/// <param name="Id">32 digits of a hash of page and address: who asks twice is one.</param>
/// <param name="Page">The page's name.</param>
/// <param name="Mail">The address, as it was written.</param>
/// <param name="AskedAt">When it was asked for the last time.</param>
public sealed record Subscriber(string Id, string Page, string Mail, DateTimeOffset AskedAt)
{
    /// <summary>The store's collection of them.</summary>
    public const string Collection = "status-subscribers";

    /// <summary>When the owner of the address said that it is wanted; null until then: nothing but the question is sent there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ConfirmedAt { get; init; }
}
