using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Fairlead.Roles.Edge;

/// <summary>Serves the files of a static release.</summary>
internal sealed class StaticFolder(string root)
{
    private const string Index = "index.html";
    private static readonly FileExtensionContentTypeProvider Types = new();
    private static readonly SearchValues<char> Odd = SearchValues.Create("\0\\");

    private readonly ConfinedFolder files = new(root);

    // Two releases may hold files of one size and time: what a browser keeps of one must not pass for the other's.
    private readonly string release = Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(root)));

    public async Task ServeAsync(HttpContext http, CancellationToken stop)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await Answers.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "These are files: read them.", stop);
            return;
        }
        var path = http.Request.Path.Value ?? "/";
        var isFolder = path.EndsWith('/');
        var found = path.AsSpan().ContainsAny(Odd) ? null : files.Find(path);
        var file =
            found is DirectoryInfo ? files.Find($"{path.TrimEnd('/')}/{Index}") as FileInfo
            : isFolder ? null
            : found as FileInfo;
        if (file is null)
        {
            await MissingAsync(http, stop);
        }
        else if (found is DirectoryInfo && !isFolder)
        {
            // Relative, because only the client knows the scheme and host it came by.
            var name = Uri.EscapeDataString(path[(path.LastIndexOf('/') + 1)..]);
            http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            http.Response.Headers.Location = $"./{name}/{http.Request.QueryString}";
        }
        else
        {
            await Answer(http, file).ExecuteAsync(http);
        }
    }

    private PhysicalFileHttpResult Answer(HttpContext http, FileInfo file)
    {
        http.Response.Headers.CacheControl = Fingerprint.CacheControl(file.Name);
        return TypedResults.PhysicalFile(
            file.FullName,
            TypeOf(file),
            lastModified: new DateTimeOffset(file.LastWriteTimeUtc),
            entityTag: new EntityTagHeaderValue($"\"{release}-{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}\""),
            enableRangeProcessing: true
        );
    }

    private async Task MissingAsync(HttpContext http, CancellationToken stop)
    {
        if (files.Find("/404.html") is not FileInfo page)
        {
            await Answers.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such file.", stop);
            return;
        }
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.ContentType = TypeOf(page);
        http.Response.ContentLength = page.Length;
        http.Response.Headers.CacheControl = Fingerprint.CacheControl(page.Name);
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await http.Response.SendFileAsync(page.FullName, http.RequestAborted);
        }
    }

    private static string TypeOf(FileInfo file) =>
        !Types.TryGetContentType(file.Name, out var type) ? "application/octet-stream"
        : type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8"
        : type;
}
