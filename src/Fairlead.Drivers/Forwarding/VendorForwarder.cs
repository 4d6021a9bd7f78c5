using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Forwarding;

/// <summary>
/// Sends errors on to Sentry, Rollbar or BugSnag, as they came, with the vendor's key in the place of ours. Nobody waits
/// for it: what finds no room is let go and counted.
/// </summary>
public sealed partial class VendorForwarder : IErrorForwarder, IAsyncDisposable
{
    private const int WaitingMax = 5_000;
    private const long BytesMax = 32L << 20;
    private const int TriesMax = 5;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    private readonly World world;
    private readonly ILogger log;
    private readonly HttpClient outside;
    private readonly HttpClient inside;
    private readonly Channel<Letter> letters = Channel.CreateBounded<Letter>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true }
    );
    private readonly CancellationTokenSource ending = new();
    private readonly Task sending;
    private long bytes;
    private long lost;
    private long sent;

    public VendorForwarder(World world, ILogger log)
    {
        (this.world, this.log) = (world, log);
        outside = new(OutboundGuard.Handler(AddressKind.Public)) { Timeout = AnswerMax };
        inside = new(OutboundGuard.Handler(AddressKind.Inside)) { Timeout = AnswerMax };
        sending = Task.Run(() => SendAllAsync(ending.Token));
    }

    /// <summary>Since the start.</summary>
    public (long Sent, long Lost) Counts => (Interlocked.Read(ref sent), Interlocked.Read(ref lost));

    public void Offer(Site site, ErrorForward to, Original original)
    {
        if (Interlocked.Add(ref bytes, original.Body.Length) <= BytesMax)
        {
            // The body is only lent until the intake answers.
            if (letters.Writer.TryWrite(new(to, original with { Body = original.Body.ToArray() })))
            {
                return;
            }
        }
        Interlocked.Add(ref bytes, -original.Body.Length);
        Interlocked.Increment(ref lost);
    }

    public async ValueTask DisposeAsync()
    {
        letters.Writer.TryComplete();
        await ending.CancelAsync();
        await sending;
        outside.Dispose();
        inside.Dispose();
        ending.Dispose();
    }

    private async Task SendAllAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var letter in letters.Reader.ReadAllAsync(stop))
            {
                if (await TrySendAsync(letter, stop) is { } why)
                {
                    Log.NotTaken(log, letter.To.To.Host, Interlocked.Increment(ref lost), why);
                }
                else
                {
                    Interlocked.Increment(ref sent);
                }
                Interlocked.Add(ref bytes, -letter.Original.Body.Length);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What still waits is lost, as a crash would lose it: it is kept here all the same.
        }
    }

    /// <returns>Why it could not be sent; null when it was.</returns>
    private async Task<string?> TrySendAsync(Letter letter, CancellationToken stop)
    {
        var why = "";
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            var pause = TimeSpan.FromSeconds(Math.Pow(2, tries - 1));
            try
            {
                using var request = RequestOf(letter.To.To, letter.Original);
                using var answer = await (letter.To.Most is AddressKind.Public ? outside : inside).SendAsync(
                    request,
                    stop
                );
                if (answer.IsSuccessStatusCode)
                {
                    return null;
                }
                why = string.Create(CultureInfo.InvariantCulture, $"it answered {(int)answer.StatusCode}");
                if (answer.StatusCode is not HttpStatusCode.TooManyRequests && (int)answer.StatusCode < 500)
                {
                    return why;
                }
                pause = answer.Headers.RetryAfter?.Delta ?? pause;
            }
            catch (HttpRequestException caught)
            {
                why = caught.Message;
            }
            catch (TaskCanceledException) when (!stop.IsCancellationRequested)
            {
                why = "it did not answer in time";
            }
            if (tries < TriesMax)
            {
                await Task.Delay(pause < PauseMax ? pause : PauseMax, world.Clock, stop);
            }
        }
        return why;
    }

    /// <summary>What is sent: to where the vendor takes this format, under its key.</summary>
    internal static HttpRequestMessage RequestOf(Uri to, Original original)
    {
        var key = to.UserInfo.Split(':')[0];
        var root = new UriBuilder(to)
        {
            UserName = "",
            Password = "",
            Query = "",
            Fragment = "",
        }.Uri;
        var project = root.AbsolutePath.Trim('/');
        // A DSN's path may have more before the project's number: https://key@host/behind/a/proxy/42
        var slash = project.LastIndexOf('/');
        var (before, number) = slash < 0 ? ("", project) : ($"{project[..slash]}/", project[(slash + 1)..]);
        var last = original.Path.TrimEnd('/').Split('/')[^1];
        var path = original.Format switch
        {
            "sentry" => $"/{before}api/{number}/{last}/",
            "rollbar" => project.Length == 0 ? "/api/1/item/" : $"/{project}/",
            _ => project.Length == 0 ? original.Path : $"/{project}{original.Path}",
        };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(root, path))
        {
            Content = new ReadOnlyMemoryContent(BodyOf(to, key, original)),
        };
        foreach (var (name, value) in original.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
        request.Headers.TryAddWithoutValidation(
            original.Format switch
            {
                "sentry" => "X-Sentry-Auth",
                "rollbar" => "X-Rollbar-Access-Token",
                _ => "Bugsnag-Api-Key",
            },
            original.Format == "sentry" ? $"Sentry sentry_version=7, sentry_client=fairlead, sentry_key={key}" : key
        );
        return request;
    }

    /// <summary>
    /// The body with the vendor's key in the place of ours, which is nobody else's business: of an envelope in its header alone,
    /// because the lengths of its items stand in it.
    /// </summary>
    internal static ReadOnlyMemory<byte> BodyOf(Uri to, string key, Original original)
    {
        var isEnvelope =
            original.Format == "sentry" && !original.Path.TrimEnd('/').EndsWith("/store", StringComparison.Ordinal);
        var end = isEnvelope ? original.Body.Span.IndexOf((byte)'\n') : -1;
        var head = end < 0 ? original.Body.Length : end;
        // As Latin 1 every byte is a letter and comes back as it was.
        var text = Encoding.Latin1.GetString(original.Body.Span[..head]);
        var changed = OurKey().Replace(OurDsn().Replace(text, $"${{name}}\"{to.OriginalString}\""), key);
        return string.Equals(text, changed, StringComparison.Ordinal)
            ? original.Body
            : (byte[])[.. Encoding.Latin1.GetBytes(changed), .. original.Body.Span[head..]];
    }

    // "dsn":"http://fl1...@127.0.0.1:8077/1"
    [GeneratedRegex(@"(?<name>""dsn""\s{0,9}:\s{0,9})""[^""\\]{0,1000}""", RegexOptions.None, 1000)]
    private static partial Regex OurDsn();

    [GeneratedRegex("\\bfl1[0-9a-f]{32,512}\\b", RegexOptions.None, 1000)]
    private static partial Regex OurKey();

    private sealed record Letter(ErrorForward To, Original Original);
}
