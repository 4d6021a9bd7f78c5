namespace Fairlead.Engine.Operations;

/// <summary>Addresses of issuers of tokens, as people write them.</summary>
internal static class IssuerAddress
{
    /// <summary>Why it cannot be one; null when it can.</summary>
    /// <param name="isInside">It may stand on this machine or in its network.</param>
    public static string? Fault(string text, bool isInside) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var url) || url is not { UserInfo: "", Query: "", Fragment: "" }
            ? "It is no plain address."
        : url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && isInside && url.IsLoopback) ? null
        : "It must begin with https://; http:// only with --inside on this machine.";
}
