using System.Net;
using System.Net.Http.Headers;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>Brings a layer into the store; after a break it goes on from where it was, even in another process.</summary>
internal sealed class Download(RegistryHttp http, IImageStore store, RegistrySettings settings)
{
    private const int BufferBytes = 128 * 1024;
    private const string MismatchCode = "image.digest-mismatch";

    /// <returns>How many bytes were fetched.</returns>
    public async Task<long> RunAsync(Descriptor blob, ImageReference from, CancellationToken stop)
    {
        var (wasBegun, fetched) = (false, 0L);
        try
        {
            await using var draft = await store.BeginAsync(blob, stop);
            (wasBegun, fetched) = (draft.Length > 0, -draft.Length);
            await FetchAsync(draft, blob, from, stop);
            fetched += draft.Length;
            await draft.FinishAsync(blob.MediaType, stop);
            return fetched;
        }
        catch (ProblemException caught) when (wasBegun && caught.Problem.Code == MismatchCode)
        {
            // What was here from before may be what was wrong; it is gone now.
            await using var draft = await store.BeginAsync(blob, stop);
            await FetchAsync(draft, blob, from, stop);
            await draft.FinishAsync(blob.MediaType, stop);
            return fetched + draft.Length;
        }
    }

    private async Task FetchAsync(IBlobDraft draft, Descriptor blob, ImageReference from, CancellationToken stop)
    {
        var asked = new Asked(from, $"give layer {blob.Digest.Start}", RegistryPlace.RootOf(from.Host, settings));
        var call = new Call(asked, Scopes.Pull(from));
        var address = new Uri(asked.Root, $"{from.Repository}/blobs/{blob.Digest}");
        for (var breaks = 0; draft.Length < blob.Size; )
        {
            var before = draft.Length;
            try
            {
                await ReadAsync(address, draft, call, stop);
                breaks = draft.Length > before ? 0 : breaks + 1;
                if (breaks >= settings.TriesMax)
                {
                    throw new ProblemException(
                        RegistryProblems.Answer(asked, $"It ends after {before} of {blob.Size} bytes, again and again.")
                    );
                }
            }
            catch (BrokenException caught)
            {
                breaks = draft.Length > before ? 1 : breaks + 1;
                if (breaks >= settings.TriesMax)
                {
                    throw new ProblemException(RegistryProblems.Unreachable(asked, caught.Message), caught);
                }
                await http.WaitAsync(breaks, asked, stop);
            }
        }
    }

    private async Task ReadAsync(Uri address, IBlobDraft draft, Call call, CancellationToken stop)
    {
        var at = draft.Length;
        using var response = await http.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.Range = at > 0 ? new RangeHeaderValue(at, null) : null;
                return request;
            },
            call,
            stop
        );
        var skip = response.StatusCode switch
        {
            // Some do not know ranges and begin anew.
            HttpStatusCode.OK => at,
            HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == at => 0L,
            HttpStatusCode.PartialContent => throw new ProblemException(
                RegistryProblems.Answer(call.Asked, $"It was asked for bytes from {at} on, and sends others.")
            ),
            _ => throw await http.RefusedAsync(response, call, stop),
        };
        await CopyAsync(response, draft, skip, stop);
    }

    private async Task CopyAsync(HttpResponseMessage response, IBlobDraft draft, long skip, CancellationToken stop)
    {
        using var silence = http.Listen(stop);
        var buffer = new byte[BufferBytes];
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        while (true)
        {
            var count = await ReadAsync(body, buffer, silence, stop);
            if (count == 0)
            {
                return;
            }
            silence.Broken();
            var dropped = (int)Math.Min(skip, count);
            skip -= dropped;
            await draft.AppendAsync(buffer.AsMemory(dropped, count - dropped), stop);
        }
    }

    // Apart, so that trouble of the disk is never taken for trouble of the network.
    private static async Task<int> ReadAsync(Stream body, byte[] buffer, Silence silence, CancellationToken stop)
    {
        try
        {
            return await body.ReadAsync(buffer, silence.Token);
        }
        catch (IOException caught)
        {
            throw new BrokenException(caught.GetBaseException().Message, caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new BrokenException("It stopped in the middle and says nothing.", caught);
        }
    }
}

/// <summary>What tokens must allow.</summary>
internal static class Scopes
{
    public static string Pull(ImageReference image) => $"repository:{image.Repository}:pull";

    public static string Push(ImageReference image) => $"repository:{image.Repository}:pull,push";

    public static string Delete(ImageReference image) => $"repository:{image.Repository}:delete,pull";

    public static string Mount(ImageReference image, string from) => $"{Push(image)} repository:{from}:pull";
}
