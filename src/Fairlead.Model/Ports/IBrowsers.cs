using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Browsers without a window, in which pages are looked at as visitors see them.</summary>
public interface IBrowsers
{
    /// <exception cref="ProblemException">There is no browser on this machine, or it does not start.</exception>
    Task<IBrowser> OpenAsync(CancellationToken stop);
}

/// <summary>A browser with a profile of its own, thrown away in the end.</summary>
public interface IBrowser : IAsyncDisposable
{
    /// <summary>Opens a page and waits until it, its fonts and its pictures are there and nothing is loaded any more.</summary>
    /// <exception cref="ProblemException">The page does not load.</exception>
    Task<IBrowserPage> OpenAsync(PageOrder order, CancellationToken stop);
}

/// <summary>An open page.</summary>
public interface IBrowserPage : IAsyncDisposable
{
    /// <summary>Runs an expression of JavaScript, waits for what it promises, and gives that as JSON.</summary>
    /// <exception cref="ProblemException">It throws, or takes longer than half a minute.</exception>
    Task<string> RunAsync(string script, CancellationToken stop);

    /// <summary>The whole page as PNG, at most 16,384 pixels high.</summary>
    Task<byte[]> PictureAsync(CancellationToken stop);
}

/// <summary>A page as somebody opens it.</summary>
/// <param name="Width">Of the window, in CSS pixels.</param>
/// <param name="Height">Of the window, in CSS pixels.</param>
/// <param name="IsStill">Nothing moves: animations are off, the clock stands, and chance is the same each time.</param>
public sealed record PageOrder(Uri Url, int Width, int Height, bool IsStill);
