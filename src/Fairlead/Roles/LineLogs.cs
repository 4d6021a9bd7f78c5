using System.Globalization;

namespace Fairlead.Roles;

/// <summary>Writes each event as one line with its time in UTC: a role's standard error is its log file.</summary>
/// <param name="least">Events below this level are left out; the web server's own below a warning always are.</param>
public sealed class LineLogs(TextWriter to, TimeProvider clock, LogLevel least) : ILoggerFactory
{
    private readonly Lock writing = new();

    /// <summary>Reads FAIRLEAD_LOG: debug, info, warn or error.</summary>
    public static LogLevel LevelOf(string? word) =>
        word?.ToLowerInvariant() switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "warn" or "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => LogLevel.Information,
        };

    public ILogger CreateLogger(string categoryName) =>
        new Lines(this, categoryName, IsOurs(categoryName) || least > LogLevel.Warning ? least : LogLevel.Warning);

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("There is one log, and this is it.");

    public void Dispose() { }

    private static bool IsOurs(string category) => category.StartsWith("Fairlead", StringComparison.Ordinal);

    private void Write(string line)
    {
        lock (writing)
        {
            to.WriteLine(line);
            to.Flush();
        }
    }

    private sealed class Lines(LineLogs logs, string category, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                var time = logs.Now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                var text = exception is null
                    ? formatter(state, exception)
                    : $"{formatter(state, exception)}: {exception}";
                logs.Write($"{time} {Word(logLevel)} {category}: {text.ReplaceLineEndings(" | ")}");
            }
        }

        private static string Word(LogLevel level) =>
            level switch
            {
                LogLevel.Information => "info ",
                LogLevel.Warning => "warn ",
                LogLevel.Error or LogLevel.Critical => "error",
                _ => "debug",
            };
    }

    private DateTimeOffset Now => clock.GetUtcNow();
}
