// The wire contract has a message enum of this name too; in tests it is written WireTask.
global using Task = System.Threading.Tasks.Task;
global using WireTask = YMaskNet.V1.Task;
