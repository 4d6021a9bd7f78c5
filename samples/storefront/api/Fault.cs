using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Storefront.Api;

/// <summary>A way to go wrong on purpose.</summary>
public enum FaultKind
{
    None,
    Errors,
    Slow,
    Slower,
    Crash,
    Sick,
    Abrupt,
    Leak,
}

/// <summary>Lets a release go wrong on purpose: the environment variable FAULT says how. Health is good unless "sick".</summary>
public sealed class Fault(FaultKind kind)
{
    private const int LeakStepBytes = 4 * 1024 * 1024;
    private const long LeakBytesMax = 2L * 1024 * 1024 * 1024;
    private static readonly TimeSpan s_leakPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_slowness = TimeSpan.FromMilliseconds(800);

    private const double Stretch = 0.15;

    private uint _answers;
    private PosixSignalRegistration? _sigterm;

    public static string Words => string.Join(", ", Enum.GetNames<FaultKind>()).ToLowerInvariant();

    public FaultKind Kind => kind;

    public static Fault? TryParse(string? word) =>
        string.IsNullOrEmpty(word) ? new Fault(FaultKind.None)
        : Words.Split(", ").Contains(word) ? new Fault(Enum.Parse<FaultKind>(word, ignoreCase: true))
        : null;

    public void Begin(WebApplication app)
    {
        switch (kind)
        {
            case FaultKind.Errors:
                app.Use((context, next) => IsSpared(context) || !IsNextBad() ? next(context) : FailAsync(context));
                break;
            case FaultKind.Slow:
                app.Use((context, next) => IsSpared(context) ? next(context) : DelayAsync(context, next));
                break;
            case FaultKind.Slower:
                app.Use((context, next) => IsSpared(context) ? next(context) : StretchAsync(context, next));
                break;
            case FaultKind.Abrupt:
                _sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
                break;
            case FaultKind.Leak:
                new Thread(Leak) { IsBackground = true }.Start();
                break;
        }
    }

    private static bool IsSpared(HttpContext context) => context.Request.Path == "/healthz";

    // Three of every ten, evenly: a gate sees 30 % soon, and the same every time.
    private bool IsNextBad() => Interlocked.Increment(ref _answers) % 10 is 2 or 5 or 8;

    private static Task FailAsync(HttpContext context)
    {
        context.Response.StatusCode = 500;
        return context.Response.WriteAsJsonAsync(new { error = "FAULT=errors: this answer was chosen to fail." });
    }

    private static async Task DelayAsync(HttpContext context, RequestDelegate next)
    {
        await Task.Delay(s_slowness, context.RequestAborted);
        await next(context);
    }

    // 15 % longer than it took, as a release is that asks its database once too often. The head waits too: it is held back
    // until the answer is complete.
    private static async Task StretchAsync(HttpContext context, RequestDelegate next)
    {
        var began = Stopwatch.GetTimestamp();
        context.Response.OnStarting(() =>
            Task.Delay(Stopwatch.GetElapsedTime(began) * Stretch, context.RequestAborted)
        );
        await next(context);
    }

    // Outside the garbage collector's heap and written to, so that the kernel must count every page.
    private static void Leak()
    {
        var page = new byte[LeakStepBytes];
        Array.Fill(page, (byte)1);
        for (var held = 0L; held < LeakBytesMax; held += LeakStepBytes)
        {
            Marshal.Copy(page, 0, Marshal.AllocHGlobal(LeakStepBytes), LeakStepBytes);
            Thread.Sleep(s_leakPause);
        }
    }
}
