using System.Diagnostics;

namespace Fairlead.Bench.Edge;

/// <summary>A proxy that people use today, started with one file of settings: one worker, kept connections, no access log.</summary>
internal sealed class ToolPeer(string name, Func<Peer, Ground, string> settings, params string[] words) : Peer(name)
{
    private Process? process;

    protected override int Pid => process!.Id;

    public static IReadOnlyList<Peer> All() =>
        [
            new ToolPeer("nginx", Nginx, "-c", "{file}"),
            new ToolPeer("haproxy", Haproxy, "-q", "-f", "{file}"),
            new ToolPeer("caddy", Caddy, "run", "--config", "{file}", "--adapter", "caddyfile"),
        ];

    public override async Task StartAsync(Ground ground)
    {
        var file = Path.Combine(ground.Folder, $"{Name}.conf");
        await File.WriteAllTextAsync(file, settings(this, ground));
        process = Programs.Start(
            Programs.Pinned(0, [Programs.Find(Name)!, .. words.Select(word => word.Replace("{file}", file))]),
            new Dictionary<string, string> { ["GOMAXPROCS"] = "1" }
        );
        await ListensAsync();
    }

    public override void Dispose()
    {
        process?.Kill(entireProcessTree: true);
        process?.Dispose();
    }

    private static string Nginx(Peer peer, Ground ground) =>
        $$"""
            worker_processes 1; daemon off; pid {{ground.Folder}}/nginx.pid; error_log /dev/null; worker_rlimit_nofile 18000;
            events { worker_connections 17000; }
            http {
              access_log off; keepalive_requests 100000000; sendfile on; default_type text/html;
              client_body_temp_path {{ground.Folder}}/a; proxy_temp_path {{ground.Folder}}/b; fastcgi_temp_path {{ground.Folder}}/c;
              uwsgi_temp_path {{ground.Folder}}/d; scgi_temp_path {{ground.Folder}}/e;
              map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
              upstream app { server 127.0.0.1:{{ground.Upstream}}; keepalive 256; keepalive_requests 100000000; }
              server {
                listen 127.0.0.1:{{peer.Port}} backlog=4096;
                listen 127.0.0.1:{{peer.SecurePort}} ssl http2 backlog=4096;
                ssl_certificate {{ground.Folder}}/chain.pem; ssl_certificate_key {{ground.Folder}}/key.pem;
                ssl_protocols TLSv1.2 TLSv1.3;
                location /static/ { root {{ground.Folder}}; etag on; open_file_cache max=100; }
                location /socket {
                  proxy_pass http://127.0.0.1:{{ground.Sockets}}; proxy_http_version 1.1; proxy_read_timeout 120s;
                  proxy_set_header Connection $connection_upgrade; proxy_set_header Upgrade $http_upgrade;
                }
                location / {
                  proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection $connection_upgrade;
                  proxy_set_header Upgrade $http_upgrade; proxy_set_header Host $host;
                  proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $host;
                  proxy_set_header X-Forwarded-Proto $scheme;
                }
              }
            }
            """;

    private static string Haproxy(Peer peer, Ground ground) =>
        $"""
            global
              nbthread 1
              maxconn 9950
            defaults
              mode http
              timeout connect 5s
              timeout client 120s
              timeout server 120s
              timeout tunnel 120s
              option forwardfor
              http-reuse always
            frontend entry
              bind 127.0.0.1:{peer.Port} backlog 4096
              bind 127.0.0.1:{peer.SecurePort} ssl crt {ground.Folder}/tls.pem alpn h2,http/1.1 backlog 4096
              acl is-socket path_beg /socket
              use_backend sockets if is-socket
              default_backend app
            backend sockets
              server one 127.0.0.1:{ground.Sockets}
            backend app
              http-request set-header X-Forwarded-Host %[req.hdr(Host)]
              http-request set-header X-Forwarded-Proto http
              server one 127.0.0.1:{ground.Upstream}

            """;

    private static string Caddy(Peer peer, Ground ground) =>
        $$"""
            {
              admin off
              auto_https off
              storage file_system {{ground.Folder}}/caddy
            }
            (app) {
              reverse_proxy /socket 127.0.0.1:{{ground.Sockets}}
              handle /static/* {
                root * {{ground.Folder}}
                file_server
              }
              reverse_proxy 127.0.0.1:{{ground.Upstream}} {
                transport http {
                  keepalive_idle_conns_per_host 256
                }
              }
            }
            http://127.0.0.1:{{peer.Port}} {
              import app
            }
            https://localhost:{{peer.SecurePort}} {
              bind 127.0.0.1
              tls {{ground.Folder}}/chain.pem {{ground.Folder}}/key.pem
              import app
            }

            """;
}
