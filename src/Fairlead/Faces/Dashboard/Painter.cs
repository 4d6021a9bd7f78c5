using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Parts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Faces.Dashboard;

/// <summary>Makes HTML of components. Nothing of them stays: a page is made anew each time, and only differences are sent on.</summary>
public sealed class Painter : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();

    /// <summary>What is within a page's main part: it alone changes while somebody looks on.</summary>
    public Task<string> MainAsync(Frame frame, CancellationToken stop) =>
        PaintAsync<MainPart>(new() { [nameof(MainPart.Frame)] = frame }, stop);

    /// <summary>A whole page.</summary>
    /// <param name="main">Made before, by <see cref="MainAsync"/>.</param>
    public Task<string> WholeAsync(Frame frame, string main, CancellationToken stop) =>
        PaintAsync<Shell>(
            new()
            {
                [nameof(Shell.Frame)] = frame,
                [nameof(Shell.Main)] = new MarkupString(main),
                [nameof(Shell.Digest)] = DigestOf(main),
            },
            stop
        );

    /// <summary>Tells one state of a page from another.</summary>
    public static string DigestOf(string main) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(main)).ToString("x16", CultureInfo.InvariantCulture);

    private async Task<string> PaintAsync<T>(Dictionary<string, object?> parameters, CancellationToken stop)
        where T : IComponent
    {
        stop.ThrowIfCancellationRequested();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters));
            return root.ToHtmlString();
        });
    }

    public void Dispose() => services.Dispose();
}

/// <summary>A page with what is around it.</summary>
/// <param name="Proof">Goes back with every form, and shows that this page sent it.</param>
public sealed record Frame(Seen Seen, IPage? Page, Place Place, Asking Asking, string Proof)
{
    /// <summary>A word above the page about what was just done; null for none.</summary>
    public string? Told { get; init; }

    /// <summary>What takes back what was just done; null for nothing.</summary>
    public Act? Undo { get; init; }

    /// <summary>Addresses of pages that show everybody's, and so are not offered to whoever may not see that.</summary>
    public IReadOnlySet<string> Hidden { get; init; } = new HashSet<string>();

    /// <summary>The state is one of simulated apps.</summary>
    public bool IsDemo { get; init; }

    /// <summary>It is kept as it is now while somebody looks on.</summary>
    public bool IsLive { get; init; } = true;
}
