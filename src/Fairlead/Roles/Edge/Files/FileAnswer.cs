using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Roles.Edge.Files;

/// <summary>Sends a file: in the form that the client takes, the part it asks for, or word that it has it already.</summary>
internal static class FileAnswer
{
    private const int ChunkBytes = 128 * 1024;

    /// <param name="status">200, or 404 and its like for a page that stands for what is missing; those have no parts and no conditions.</param>
    public static Task SendAsync(HttpContext http, SiteFile file, Shown shown, int status, CancellationToken stop)
    {
        var (request, headers) = (http.Request.Headers, http.Response.Headers);
        var isFound = status == StatusCodes.Status200OK;
        var hasRange = isFound && request.Range.Count > 0 && HttpMethods.IsGet(http.Request.Method);
        // Parts are parts of the file as it is.
        if ((hasRange ? file.Plain : AcceptedEncodings.Choose(file, request.AcceptEncoding)) is not { } body)
        {
            return Answers.WriteAsync(
                http,
                StatusCodes.Status406NotAcceptable,
                "The file is not here in a form that you take.",
                stop
            );
        }
        headers.CacheControl = isFound ? shown.CacheControl : "no-cache";
        headers.ETag = body.ETag;
        if (file.Encoded.Length > 0)
        {
            headers.Vary = "Accept-Encoding";
        }
        foreach (var (name, value) in shown.Headers)
        {
            headers[name] = value;
        }
        if (isFound && Conditions.Judge(request, file, body, out var known) is > 0 and var verdict)
        {
            headers.ETag = known.ETag;
            http.Response.StatusCode = verdict;
            return Task.CompletedTask;
        }
        http.Response.StatusCode = status;
        Describe(headers, file, body);
        var part = isFound ? Part(http, file, body, hasRange) : new ByteRange(0, body.Length);
        http.Response.ContentLength = part.Length;
        if (part.Length == 0 || HttpMethods.IsHead(http.Request.Method))
        {
            return Task.CompletedTask;
        }
        return body.Bytes is { } bytes
            ? http.Response.Body.WriteAsync(bytes, (int)part.From, (int)part.Length, http.RequestAborted)
            : StreamAsync(http, (file, shown), body, part, http.RequestAborted);
    }

    private static void Describe(IHeaderDictionary headers, SiteFile file, Body body)
    {
        if (headers.ContentType.Count == 0)
        {
            headers.ContentType = file.ContentType;
        }
        headers.LastModified = file.LastModified;
        if (body.Encoding.Count > 0)
        {
            headers.ContentEncoding = body.Encoding;
        }
    }

    private static ByteRange Part(HttpContext http, SiteFile file, Body body, bool hasRange)
    {
        var (request, response) = (http.Request.Headers, http.Response);
        response.Headers.AcceptRanges = "bytes";
        if (
            !hasRange
            || !Conditions.Continues(request.IfRange, file, body)
            || ByteRange.Read(request.Range, body.Length) is not { } asked
        )
        {
            return new(0, body.Length);
        }
        var isThere = asked.Length > 0;
        response.StatusCode = isThere ? StatusCodes.Status206PartialContent : StatusCodes.Status416RangeNotSatisfiable;
        response.Headers.ContentRange = isThere
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"bytes {asked.From}-{asked.From + asked.Length - 1}/{body.Length}"
            )
            : string.Create(CultureInfo.InvariantCulture, $"bytes */{body.Length}");
        return asked;
    }

    // The disk may be slow: it is read by the thread pool, never by the thread that carries connections.
    private static async Task StreamAsync(
        HttpContext http,
        (SiteFile File, Shown Shown) asked,
        Body body,
        ByteRange part,
        CancellationToken stop
    )
    {
        using var file = await Task.Run(() => Open(body.Path), stop);
        if (file is null)
        {
            await WithoutAsync(http, asked, body, stop);
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ChunkBytes, part.Length));
        try
        {
            for (var (at, left) = (part.From, part.Length); left > 0; )
            {
                var count = await RandomAccess.ReadAsync(
                    file,
                    buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)),
                    at,
                    stop
                );
                if (count == 0)
                {
                    // Somebody shortened the file: the client must not take what it got for all of it.
                    http.Abort();
                    return;
                }
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, count), stop);
                (at, left) = (at + count, left - count);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client left.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static SafeFileHandle? Open(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.SequentialScan);
        }
        catch (Exception caught) when (caught is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // What the press made was swept away: the file itself is still there.
    private static async Task WithoutAsync(
        HttpContext http,
        (SiteFile File, Shown Shown) asked,
        Body gone,
        CancellationToken stop
    )
    {
        var status = http.Response.StatusCode;
        http.Response.ContentLength = null;
        http.Response.Headers.ContentEncoding = default;
        if (ReferenceEquals(gone, asked.File.Plain))
        {
            await Answers.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such file.", stop);
            return;
        }
        asked.File.Encoded = [.. asked.File.Encoded.Where(one => one != gone)];
        await SendAsync(http, asked.File, asked.Shown, status, stop);
    }
}
