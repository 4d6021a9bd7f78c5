using System.Text.Json.Serialization;

namespace Fairlead.Drivers.Dns;

// What goes over the wire, by the names of Cloudflare's API v4.

internal sealed record CloudflareAnswer<T>(bool Success, IReadOnlyList<CloudflareError>? Errors, T? Result);

internal sealed record CloudflareError(int Code, string? Message);

internal sealed record CloudflareZone(string Id, string Name);

internal sealed record CloudflareRecord(string? Id, string Type, string Name, string Content, int Ttl);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(CloudflareAnswer<List<CloudflareZone>>))]
[JsonSerializable(typeof(CloudflareAnswer<List<CloudflareRecord>>))]
[JsonSerializable(typeof(CloudflareAnswer<CloudflareRecord>))]
internal sealed partial class CloudflareJson : JsonSerializerContext;
