namespace Fairlead.Roles;

/// <summary>Gives a role's socket the name under which it is known, once the web host listens on it.</summary>
internal sealed class Doorplate(string bound, string known) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        File.Move(bound, known, overwrite: true);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
