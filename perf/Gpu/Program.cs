using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Verification;

using DeviceMachine machine = new(0);
using EmulatedMachine emulation = new(args[0]);
foreach (var verdict in KernelVerification.Run(machine, emulation))
{
    Console.WriteLine($"{verdict.Kernel}: {verdict.Cases} cases, {verdict.Failures.Count} failures");
    foreach (string failure in verdict.Failures.Take(4))
        Console.WriteLine("   " + failure);
}
return 0;
