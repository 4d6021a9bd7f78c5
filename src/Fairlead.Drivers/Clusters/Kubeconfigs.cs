using System.Collections.Concurrent;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using k8s;
using k8s.Exceptions;

namespace Fairlead.Drivers.Clusters;

/// <summary>
/// Finds clusters as kubectl does: by KUBECONFIG, else in ~/.kube/config; or the one that this runs in, by the pod's own account. Its token is
/// read again while it is used, as clusters renew it.
/// </summary>
/// <param name="variable">Of this process.</param>
public sealed class Kubeconfigs(Func<string, string?> variable) : IClusters, IDisposable
{
    /// <summary>A context that no kubeconfig has to name: the cluster that this runs in.</summary>
    public const string OwnCluster = "in-cluster";

    private readonly ConcurrentDictionary<string, KubeCluster> opened = new(StringComparer.Ordinal);

    /// <summary>Whether this runs in a pod that may ask its cluster.</summary>
    private bool IsInside => variable("KUBERNETES_SERVICE_HOST") is { Length: > 0 };

    private string File =>
        variable("KUBECONFIG") is { Length: > 0 } said
            ? said
            : Path.Combine(variable("HOME") is { Length: > 0 } home ? home : "/root", ".kube", "config");

    /// <inheritdoc/>
    public ICluster Open(string? context)
    {
        var key = context ?? "";
        if (opened.TryGetValue(key, out var known))
        {
            return known;
        }
        var made = new KubeCluster(Read(context));
        var kept = opened.GetOrAdd(key, made);
        if (kept != made)
        {
            made.Dispose();
        }
        return kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in opened.Values)
        {
            one.Dispose();
        }
    }

    private KubernetesClientConfiguration Read(string? context)
    {
        try
        {
            if (context is OwnCluster || (context is null && IsInside && variable("KUBECONFIG") is null or ""))
            {
                return IsInside && KubernetesClientConfiguration.IsInCluster()
                    ? KubernetesClientConfiguration.InClusterConfig()
                    : throw new ProblemException(KubeProblems.NotInside(context));
            }
            return System.IO.File.Exists(File)
                ? KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(File), context)
                : throw new ProblemException(KubeProblems.NoConfig(File));
        }
        catch (Exception caught)
            when (caught
                    is KubeConfigException
                        or KubernetesClientException
                        or YamlDotNet.Core.YamlException
                        or IOException
                        or UnauthorizedAccessException
                        or FormatException
                        or System.Security.Cryptography.CryptographicException
                        or UriFormatException
                        or NullReferenceException // The library's answer to a file without a word.
            )
        {
            throw new ProblemException(KubeProblems.WrongConfig(File, context, caught.Message), caught);
        }
    }
}
