using System.Globalization;
using System.Net;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>
/// Sends a layer: not when it is there, not when another repository of the registry has it; small ones whole, large ones in pieces.
/// After a break the registry is asked how much it has. One that has lost the rest, as Docker's own does when a piece was cut, gets it anew.
/// </summary>
internal sealed class Upload(RegistryHttp http, IImageStore store, RegistrySettings settings)
{
    /// <param name="mountFrom">A repository of the same registry that has it; null when none is known.</param>
    public async Task<Sent> RunAsync(Descriptor blob, ImageReference to, string? mountFrom, CancellationToken stop)
    {
        var asked = new Asked(to, $"take layer {blob.Digest.Start}", RegistryPlace.RootOf(to.Host, settings));
        var call = new Call(asked, Scopes.Push(to));
        if (await HasAsync(blob, call, stop))
        {
            return new(SentAs.Known, 0);
        }
        var job = new Job(blob, call);
        if (await BeginAsync(job, mountFrom, stop) is not { } session)
        {
            return new(SentAs.Mounted, 0);
        }
        job.Session = session;
        job.IsWhole = blob.Size <= settings.PieceBytes || !RegistryPlace.TakesPieces(to);
        while (!await TryAsync(job, stop)) { }
        return new(SentAs.Sent, job.SentBytes);
    }

    public async Task<bool> HasAsync(Descriptor blob, Call call, CancellationToken stop)
    {
        var address = new Uri(call.Asked.Root, $"{call.Asked.Repository}/blobs/{blob.Digest}");
        using var response = await http.SendAsync(() => new(HttpMethod.Head, address), call, stop);
        return response.StatusCode switch
        {
            // A size that differs is another registry's trouble, not content to rely on.
            HttpStatusCode.OK => response.Content.Headers.ContentLength is null
                || response.Content.Headers.ContentLength == blob.Size,
            HttpStatusCode.NotFound => false,
            _ => throw await http.RefusedAsync(response, call, stop),
        };
    }

    /// <returns>Where to send it; null when it has been mounted.</returns>
    public async Task<Uri?> BeginAsync(Job job, string? mountFrom, CancellationToken stop)
    {
        var (blob, call) = (job.Blob, job.Call);
        var query = mountFrom is null
            ? ""
            : $"?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(mountFrom)}";
        var address = new Uri(call.Asked.Root, $"{call.Asked.Repository}/blobs/uploads/{query}");
        var mounting = mountFrom is null ? call : call with { Scope = Scopes.Mount(call.Asked.Image, mountFrom) };
        using var response = await http.SendAsync(
            () => new(HttpMethod.Post, address) { Content = Empty() },
            mounting,
            stop
        );
        return response.StatusCode switch
        {
            HttpStatusCode.Created when mountFrom is not null => null,
            HttpStatusCode.Accepted => Session(response, address, job),
            // Whoever may not read the other repository may still send.
            HttpStatusCode.Forbidden
            or HttpStatusCode.NotFound
            or HttpStatusCode.Unauthorized when mountFrom is not null => await BeginAsync(job, null, stop),
            _ => throw await http.RefusedAsync(response, call, stop),
        };
    }

    private static Uri Session(HttpResponseMessage response, Uri address, Job job)
    {
        // Some want larger pieces than we would send.
        if (
            response.Headers.TryGetValues("OCI-Chunk-Min-Length", out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var least)
        )
        {
            job.PieceBytesMin = least;
        }
        return SessionOf(response, address, job.Call.Asked);
    }

    // One try; whether it is done. What it leaves in the job is where the next begins.
    private async Task<bool> TryAsync(Job job, CancellationToken stop)
    {
        var before = job.At;
        try
        {
            if (job.IsWhole)
            {
                return await FinishAsync(job, stop);
            }
            while (job.At < job.Blob.Size)
            {
                if (!await PieceAsync(job, stop))
                {
                    return false;
                }
            }
            return await FinishAsync(job, stop);
        }
        catch (BrokenException caught)
        {
            job.Breaks = job.At > before ? 1 : job.Breaks + 1;
            if (job.Breaks >= settings.TriesMax || job.Restarts >= settings.TriesMax)
            {
                throw new ProblemException(RegistryProblems.Unreachable(job.Call.Asked, caught.Message), caught);
            }
            await http.WaitAsync(job.Breaks, job.Call.Asked, stop);
            await GoOnAsync(job, stop);
            return false;
        }
    }

    private async Task<bool> PieceAsync(Job job, CancellationToken stop)
    {
        var count = Math.Min(Math.Max(settings.PieceBytes, job.PieceBytesMin), job.Blob.Size - job.At);
        using var response = await SendAsync(job, HttpMethod.Patch, job.Session, count, stop);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Accepted or HttpStatusCode.NoContent:
                var end = EndOf(response) ?? job.At + count;
                if (end <= job.At || end > job.At + count)
                {
                    throw new BrokenException($"It says that it has {end} bytes after {job.At + count} were sent.");
                }
                (job.At, job.Session) = (end, SessionOf(response, job.Session, job.Call.Asked));
                return true;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                throw new BrokenException("It does not want the piece that was sent.");
            case var status when RegistryHttp.IsPassing(status):
                throw new BrokenException($"It answered {(int)status}.");
            case HttpStatusCode.BadRequest
            or HttpStatusCode.MethodNotAllowed
            or HttpStatusCode.NotImplemented
            or HttpStatusCode.NotFound when job.Restarts < settings.TriesMax:
                // Not every registry takes pieces, and none says so before.
                job.IsWhole = true;
                await AnewAsync(job, stop);
                return false;
            default:
                throw await http.RefusedAsync(response, job.Call, stop);
        }
    }

    // The last request names the digest; that of a whole layer carries it.
    private async Task<bool> FinishAsync(Job job, CancellationToken stop)
    {
        var separator = job.Session.Query.Length == 0 ? '?' : '&';
        var address = new Uri(
            $"{job.Session.AbsoluteUri}{separator}digest={Uri.EscapeDataString(job.Blob.Digest.ToString())}"
        );
        using var response = await SendAsync(job, HttpMethod.Put, address, job.IsWhole ? job.Blob.Size : 0, stop);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Created or HttpStatusCode.NoContent or HttpStatusCode.Accepted:
                return true;
            case var status when RegistryHttp.IsPassing(status):
                throw new BrokenException($"It answered {(int)status}.");
            case HttpStatusCode.BadRequest
            or HttpStatusCode.NotFound
            or HttpStatusCode.RequestedRangeNotSatisfiable when job.Restarts == 0:
                // What it put together is not the layer, or it has forgotten it: once more, as one.
                job.IsWhole = true;
                await AnewAsync(job, stop);
                return false;
            default:
                throw await http.RefusedAsync(response, job.Call, stop);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Job job,
        HttpMethod method,
        Uri address,
        long count,
        CancellationToken stop
    )
    {
        var from = job.At;
        BlobContent? content = null;
        try
        {
            return await http.SendOnceAsync(
                () =>
                {
                    var request = new HttpRequestMessage(method, address);
                    job.SentBytes += content?.Count ?? 0;
                    content = count > 0 ? new(store, job.Blob.Digest, (from, count)) : null;
                    request.Content = content is null ? Empty() : content;
                    if (method == HttpMethod.Patch)
                    {
                        request.Content.Headers.TryAddWithoutValidation(
                            "Content-Range",
                            string.Create(CultureInfo.InvariantCulture, $"{from}-{from + count - 1}")
                        );
                    }
                    // So that a refusal is heard before the layer is sent in vain.
                    request.Headers.ExpectContinue = count > 0;
                    return request;
                },
                job.Call,
                stop
            );
        }
        finally
        {
            job.SentBytes += content?.Count ?? 0;
        }
    }

    private async Task GoOnAsync(Job job, CancellationToken stop)
    {
        if (!job.IsWhole)
        {
            using var response = await http.SendAsync(() => new(HttpMethod.Get, job.Session), job.Call, stop);
            if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.OK or HttpStatusCode.Accepted)
            {
                job.At = Math.Min(EndOf(response) ?? 0, job.Blob.Size);
                job.Session = response.Headers.Location is null
                    ? job.Session
                    : SessionOf(response, job.Session, job.Call.Asked);
                return;
            }
        }
        await AnewAsync(job, stop);
    }

    private async Task AnewAsync(Job job, CancellationToken stop)
    {
        job.Restarts++;
        job.At = 0;
        job.Session = (await BeginAsync(job, null, stop))!; // Nothing is mounted when no repository is named.
    }

    private static ByteArrayContent Empty() => new([]);

    // "0-0" is what Docker's own says of nothing as well as of one byte; a byte sent again is found out by the digest.
    internal static long? EndOf(HttpResponseMessage response)
    {
        var text = response.Headers.TryGetValues("Range", out var values) ? values.First() : null;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        return
            dash >= 0
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && last < long.MaxValue
            ? (last == 0 ? 0 : last + 1)
            : null;
    }

    internal static Uri SessionOf(HttpResponseMessage response, Uri asked, Asked what)
    {
        if (response.Headers.Location is not { } location)
        {
            throw new ProblemException(
                RegistryProblems.Answer(what, "It does not say where to send it (no Location).")
            );
        }
        var to = new Uri(asked, location);
        // A registry behind a proxy that ends TLS may think that it is asked without.
        return to.Scheme == "http" && asked.Scheme == "https" && to.Host == asked.Host
                ? new UriBuilder(to) { Scheme = "https", Port = asked.Port }.Uri
            : to.Scheme is "http" or "https" && !(asked.Scheme == "https" && to.Scheme == "http") ? to
            : throw new ProblemException(
                RegistryProblems.Redirect(
                    what,
                    $"From {asked.Scheme}://{asked.Authority} to {to.Scheme}://{to.Authority}."
                )
            );
    }

    /// <summary>How far the sending of a layer has come.</summary>
    internal sealed class Job(Descriptor blob, Call call)
    {
        public Descriptor Blob => blob;

        public Call Call => call;

        public Uri Session { get; set; } = call.Asked.Root;

        public bool IsWhole { get; set; }

        /// <summary>How much the registry has.</summary>
        public long At { get; set; }

        public long PieceBytesMin { get; set; }

        /// <summary>One after the other, without anything getting through.</summary>
        public int Breaks { get; set; }

        public int Restarts { get; set; }

        public long SentBytes { get; set; }
    }
}

/// <summary>How a layer got there.</summary>
internal enum SentAs
{
    Known,
    Mounted,
    Sent,
}

/// <param name="Bytes">What was sent, with what had to be sent again.</param>
internal sealed record Sent(SentAs As, long Bytes);
