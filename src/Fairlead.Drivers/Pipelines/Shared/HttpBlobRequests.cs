using System.Net.Http.Headers;
using System.Text;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// Any server that keeps files by GET, HEAD and PUT, such as nginx with WebDAV, and those of Bazel (its HTTP caching protocol: <c>/ac/NAME</c>,
/// <c>/cas/DIGEST</c>).
/// </summary>
internal sealed class HttpBlobRequests : IBlobRequests
{
    private readonly Uri root;
    private readonly AuthenticationHeaderValue? credential;

    /// <param name="address">http or https; a name and password in it are sent as such, and never shown.</param>
    /// <param name="token">Sent as a bearer's; null for none.</param>
    public HttpBlobRequests(Uri address, string? token)
    {
        credential =
            token is { Length: > 0 } ? new("Bearer", token)
            : address.UserInfo.Length > 0
                ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))))
            : null;
        root = new UriBuilder(address)
        {
            UserName = "",
            Password = "",
            Path = address.AbsolutePath.TrimEnd('/') + "/",
            Query = "",
            Fragment = "",
        }.Uri;
    }

    public string Shown => root.AbsoluteUri;

    public HttpRequestMessage Of(HttpMethod method, Blob blob, string? digest)
    {
        var request = new HttpRequestMessage(method, new Uri(root, blob.ToString()));
        request.Headers.Authorization = credential;
        return request;
    }
}
