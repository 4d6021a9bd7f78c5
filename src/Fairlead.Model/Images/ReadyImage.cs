namespace Fairlead.Model.Images;

/// <summary>Which image a service is, once and for all; the whole of its artifact.</summary>
/// <param name="Reference">As the manifest says it, such as <c>postgres:16</c>; with its digest where a cluster fetches it.</param>
/// <param name="Id">The digest of its configuration, or of its manifest where a cluster fetches it: it names all of its bytes.</param>
public sealed record ReadyImage(string Reference, string Id)
{
    public const string FileName = "image.json";
}
