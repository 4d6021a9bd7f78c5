using System.Text.Json.Serialization;

namespace Fairlead.Drivers.Certificates.Acme;

// What goes over the wire, by the names of RFC 8555, section 7.1. Members that are not used are not read.

/// <summary>Members in the order that RFC 7638 hashes them in.</summary>
internal sealed record Jwk(string Crv, string Kty, string X, string Y);

internal sealed record JwsHeader(string Alg, string? Nonce, string Url, Jwk? Jwk, string? Kid);

internal sealed record JwsText(string Protected, string Payload, string Signature);

internal sealed record AcmeDirectory(
    string? NewNonce,
    string? NewAccount,
    string? NewOrder,
    string? RevokeCert,
    string? RenewalInfo,
    AcmeTerms? Meta
);

internal sealed record AcmeTerms(string? TermsOfService, bool ExternalAccountRequired);

internal sealed record NewAccount(
    bool TermsOfServiceAgreed,
    IReadOnlyList<string>? Contact,
    JwsText? ExternalAccountBinding
);

internal sealed record NewOrder(IReadOnlyList<Identifier> Identifiers);

internal sealed record Identifier(string Type, string Value);

internal sealed record FinalizeOrder(string Csr);

internal sealed record RevokeCertificate(string Certificate, int Reason);

internal sealed record Nothing;

internal sealed record OrderAnswer(
    string? Status,
    IReadOnlyList<string>? Authorizations,
    string? Finalize,
    string? Certificate,
    AcmeTrouble? Error
);

internal sealed record AuthorizationAnswer(
    string? Status,
    Identifier? Identifier,
    IReadOnlyList<ChallengeAnswer?>? Challenges,
    bool Wildcard
);

internal sealed record ChallengeAnswer(string? Type, string? Url, string? Token, string? Status, AcmeTrouble? Error);

internal sealed record RenewalAnswer(SuggestedWindow? SuggestedWindow);

internal sealed record SuggestedWindow(DateTimeOffset Start, DateTimeOffset End);

/// <summary>A problem document (RFC 7807) with ACME's subproblems.</summary>
internal sealed record AcmeTrouble(
    string? Type,
    string? Detail,
    Identifier? Identifier,
    IReadOnlyList<AcmeTrouble?>? Subproblems
)
{
    private const string Prefix = "urn:ietf:params:acme:error:";

    /// <summary>The type's last word, such as <c>badNonce</c>.</summary>
    [JsonIgnore]
    public string Kind =>
        Type?.StartsWith(Prefix, StringComparison.Ordinal) is true ? Type[Prefix.Length..] : Type ?? "unknown";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Jwk))]
[JsonSerializable(typeof(JwsHeader))]
[JsonSerializable(typeof(JwsText))]
[JsonSerializable(typeof(AcmeDirectory))]
[JsonSerializable(typeof(NewAccount))]
[JsonSerializable(typeof(NewOrder))]
[JsonSerializable(typeof(FinalizeOrder))]
[JsonSerializable(typeof(RevokeCertificate))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(AuthorizationAnswer))]
[JsonSerializable(typeof(RenewalAnswer))]
[JsonSerializable(typeof(AcmeTrouble))]
internal sealed partial class AcmeJson : JsonSerializerContext;
