using System.Globalization;

namespace Storefront.Api;

/// <summary>
/// What every release depends on: a warehouse that is asked before an answer. It is pretended: PACE says how many milliseconds it
/// usually takes, and while a file <c>closed</c> lies in the folder WAREHOUSE, it answers nobody in three of ten.
/// </summary>
public sealed class Warehouse
{
    private const double Sigma = 0.3;
    private const double PaceMax = 5_000;

    private readonly double _pace;
    private readonly string? _closed;

    private Warehouse(double pace, string? folder)
    {
        _pace = pace;
        _closed = folder is null ? null : Path.Combine(folder, "closed");
    }

    public static Warehouse FromEnvironment() =>
        new(
            double.TryParse(Environment.GetEnvironmentVariable("PACE"), CultureInfo.InvariantCulture, out var pace)
                ? Math.Clamp(pace, 0, PaceMax)
                : 0,
            Environment.GetEnvironmentVariable("WAREHOUSE")
        );

    public void Begin(WebApplication app)
    {
        if (_pace > 0 || _closed is not null)
        {
            app.Use((context, next) => context.Request.Path == "/healthz" ? next(context) : AskAsync(context, next));
        }
    }

    private async Task AskAsync(HttpContext context, RequestDelegate next)
    {
        // As such times are: most near the middle, some two or three times as long.
        var normal =
            Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble()))
            * Math.Cos(2 * Math.PI * Random.Shared.NextDouble());
        await Task.Delay(TimeSpan.FromMilliseconds(_pace * Math.Exp(Sigma * normal)), context.RequestAborted);
        if (_closed is not null && File.Exists(_closed) && Random.Shared.Next(10) < 3)
        {
            context.Response.StatusCode = 503;
            await context.Response.WriteAsJsonAsync(new { error = "The warehouse does not answer." });
            return;
        }
        await next(context);
    }
}
