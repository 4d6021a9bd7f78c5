using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Roles.Edge;

/// <summary>Logs without the host's two lines, a scope and a trace for each request: they would cost more than carrying it.</summary>
internal sealed class RequestlessLogs(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) =>
        categoryName is "Microsoft.AspNetCore.Hosting.Diagnostics"
            ? NullLogger.Instance
            : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>The inner factory belongs to whoever made it.</summary>
    public void Dispose() { }
}
