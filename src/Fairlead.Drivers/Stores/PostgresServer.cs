using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Stores;

/// <summary>Does things at a PostgreSQL, again when it was away for a moment, and says its troubles in words.</summary>
internal sealed class PostgresServer : IDisposable
{
    // A restart takes seconds. Who asks is not kept for longer, and decides what to do without the store.
    private const int TriesMax = 16;
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly Lazy<NpgsqlDataSource> source;
    private readonly World world;
    private volatile bool isPrepared;

    public PostgresServer(PostgresAddress address, World world)
    {
        (Address, this.world) = (address, world);
        // A file that could not be read is read again.
        source = new(() => Open(address), LazyThreadSafetyMode.PublicationOnly);
    }

    public PostgresAddress Address { get; }

    /// <inheritdoc cref="DoAsync{T}(Func{NpgsqlConnection, Task{T}}, TimeSpan, CancellationToken)"/>
    public Task<T> DoAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken stop) =>
        DoAsync(work, PatienceMax, stop);

    /// <param name="work">Is done again, on another connection, when the connection broke.</param>
    /// <param name="patience">How long it may be tried again.</param>
    /// <exception cref="ProblemException">It does not answer, or will not do it.</exception>
    public async Task<T> DoAsync<T>(Func<NpgsqlConnection, Task<T>> work, TimeSpan patience, CancellationToken stop)
    {
        var (began, rest) = (world.Clock.GetTimestamp(), FirstRest);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await source.Value.OpenConnectionAsync(stop);
                if (!isPrepared)
                {
                    await PostgresSchema.UpgradeAsync(connection, Address, stop);
                    isPrepared = true;
                }
                return await work(connection);
            }
            catch (NpgsqlException caught)
            {
                if (PostgresProblems.Of(caught, Address) is not { } problem)
                {
                    throw;
                }
                var isWorthIt = PostgresProblems.IsPassing(caught) && tries < TriesMax;
                if (!isWorthIt || world.Clock.GetElapsedTime(began) > patience)
                {
                    throw new ProblemException(problem, caught);
                }
            }
            await Task.Delay(rest, world.Clock, stop);
            rest = rest * 2 < LongestRest ? rest * 2 : LongestRest;
        }
    }

    public void Dispose()
    {
        if (source.IsValueCreated)
        {
            source.Value.Dispose();
        }
    }

    private static NpgsqlDataSource Open(PostgresAddress address)
    {
        var settings = address.Settings();
        if (settings.Password is null)
        {
            return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        }
        settings.Password = null;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePasswordProvider(
            _ => address.Settings().Password!,
            (_, _) => ValueTask.FromResult(address.Settings().Password!)
        );
        return builder.Build();
    }
}
