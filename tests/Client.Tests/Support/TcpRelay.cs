using System.Net;
using System.Net.Sockets;

namespace YMaskNet.Client.Tests.Support;

/// <summary>Stands between a client and its server, to cut or freeze the line as a dying machine does.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _target;
    private readonly List<TcpClient> _connections = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile bool _isFrozen;
    private bool _isCut;

    public TcpRelay(Uri target)
    {
        _target = target;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Closes all connections and takes no more.</summary>
    public void Cut()
    {
        _listener.Stop();
        lock (_connections)
        {
            _isCut = true;
            _connections.ForEach(connection => connection.Close());
        }
    }

    /// <summary>Keeps the connections open, but nothing passes any more.</summary>
    public void Freeze() => _isFrozen = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or InvalidOperationException)
            {
                // The listener has stopped, before or while it was asked.
                return;
            }

            TcpClient server = new();
            await server.ConnectAsync(_target.Host, _target.Port);
            lock (_connections)
            {
                if (_isCut)
                {
                    client.Close();
                    server.Close();
                    return;
                }

                _connections.AddRange([client, server]);
                _ = PumpAsync(client.GetStream(), server.GetStream());
                _ = PumpAsync(server.GetStream(), client.GetStream());
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and int count)
            {
                if (!_isFrozen)
                    await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The line was cut; that is what this class is for.
            return;
        }
    }
}
