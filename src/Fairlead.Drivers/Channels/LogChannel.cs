using System.Text.Json.Nodes;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>
/// Writes what would be told into a file of the state folder, a line of JSON for each: for trying out rules and routes, for programs that
/// follow it, and as the last resort that needs nobody else.
/// </summary>
public sealed class LogChannel(string folder) : IChannel, IDisposable
{
    /// <summary>When it has as many, it is put aside as <c>.1</c>, and the one that was there goes.</summary>
    internal const long BytesMax = 16 << 20;

    private const string FileName = "notifications.jsonl";

    // One writer at a time, of all receivers.
    private readonly SemaphoreSlim turn = new(1, 1);

    public string Kind => "log";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [new("file", $"The file's name in the folder `alerts` of the state folder; `{FileName}` by default.")];

    public string? Fault(ChannelSettings settings) =>
        settings.Text("file") is { } file && !IsName(file)
            ? "'file' has to be a name of at most 64 letters, digits, - and _, with an ending such as .jsonl; no folder."
            : null;

    public async Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop)
    {
        // The fault is looked for again: a file elsewhere would be somebody else's.
        var file = settings.Or("file", FileName);
        if (!IsName(file))
        {
            return Sent.Never(Fault(settings)!);
        }
        byte[] line = [.. ChannelCall.BytesOf(Line(notification)), (byte)'\n'];
        await turn.WaitAsync(stop);
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, file);
            if (new FileInfo(path) is { Exists: true } known && known.Length + line.Length > BytesMax)
            {
                File.Move(path, path + ".1", overwrite: true);
            }
            await using var stream = new FileStream(path, Opening);
            await stream.WriteAsync(line, stop);
            return Sent.Taken;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return Sent.Later($"{file} cannot be written: {caught.Message}");
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>What a webhook would get, in one line, with its receiver and its id.</summary>
    internal static JsonObject Line(Notification notification) => WebhookChannel.Body(notification, alertsMax: 0);

    private static FileStreamOptions Opening =>
        new()
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };

    private static bool IsName(string file) =>
        file.Length is > 0 and <= 64
        && char.IsAsciiLetterOrDigit(file[0])
        && file.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.');
}
